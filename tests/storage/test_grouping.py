"""What arrives together shares a transaction, and what is wrong with one of it costs no other anything."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database, DatabaseBusy, StorageError
from storage.given import ROWS, rows_of
from storage.given import given as given_rows
from storage.grouping import Grouped
from storage.tables import businesses
from storage.types import Id, new_id


class Clerk:
    """Does groups of numbers, one group at a time, and chokes on what is negative."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.away = False

    async def together(self, items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if self.away:
            raise DatabaseBusy("away")
        self.groups.append(list(items))
        if any(item < 0 for item in items):
            raise ValueError("no")
        return [2 * item for item in items]


async def test_what_waits_shares_the_next_group_and_each_gets_its_own_result() -> None:
    clerk = Clerk()
    grouped = Grouped(clerk.together)

    assert await asyncio.gather(*(grouped.do(item) for item in range(5))) == [0, 2, 4, 6, 8]
    assert clerk.groups == [[0, 1, 2, 3, 4]]
    assert await grouped.do(7) == 14


async def test_while_more_is_coming_a_group_waits_for_it() -> None:
    clerk, more_is_coming = Clerk(), True
    grouped = Grouped(clerk.together, gather=lambda: 0.005 if more_is_coming else 0.0)

    first = grouped.submit(1)
    await asyncio.sleep(0)
    second = grouped.submit(2)
    assert [await first, await second] == [2, 4]
    assert clerk.groups == [[1, 2]]

    more_is_coming = False
    assert await grouped.do(3) == 6


async def test_one_bad_item_is_refused_alone() -> None:
    grouped = Grouped(Clerk().together)

    ends = await asyncio.gather(*(grouped.do(item) for item in (1, -1, 3)), return_exceptions=True)

    assert [type(end) for end in ends] == [int, ValueError, int]


async def test_a_database_that_is_away_refuses_everybody_and_is_asked_again_by_the_next() -> None:
    clerk = Clerk()
    clerk.away = True
    grouped = Grouped(clerk.together)
    ends = await asyncio.gather(*(grouped.do(item) for item in range(3)), return_exceptions=True)
    clerk.away = False

    assert all(isinstance(end, StorageError) for end in ends)
    assert await grouped.do(4) == 8


async def test_who_stops_waiting_leaves_the_others_their_results() -> None:
    grouped = Grouped(Clerk().together)
    waiting = [asyncio.create_task(grouped.do(item)) for item in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()

    ends = await asyncio.gather(*waiting, return_exceptions=True)

    assert [ends[0], ends[2]] == [0, 4]


@given(st.lists(st.integers(1, 9), max_size=30), st.integers(1, 9))
def test_no_group_weighs_more_than_the_limit_unless_one_item_does(weights: list[int], limit: int) -> None:
    clerk = Clerk()

    async def all_of_them() -> list[int]:
        grouped = Grouped(clerk.together, limit=limit, weigh=lambda item: item)
        return list(await asyncio.gather(*(grouped.do(weight) for weight in weights)))

    assert asyncio.run(all_of_them()) == [2 * weight for weight in weights]
    assert [item for group in clerk.groups for item in group] == weights
    assert all(sum(group) <= limit or len(group) == 1 for group in clerk.groups)


async def test_rows_that_the_caller_brings_join_a_statement_on_both_databases(database: Database) -> None:
    columns = (sa.column("id", Id), sa.column("name", sa.Text), sa.column("figure", sa.Float))

    def rename(connection: sa.Connection) -> tuple[bool, list[str]]:
        known = connection.scalars(sa.select(businesses.c.id).order_by(businesses.c.id)).all()
        rows = [(known[0], "Là-bas « 'x'", 1.5), (known[1], "unchanged", None), (new_id(), "nobody", 2.0)]
        mine = given_rows(connection.dialect.name, *columns)
        statement = (
            sa.update(businesses)
            .where(businesses.c.id == mine.c.id, mine.c.figure > 1)
            .values(name=mine.c.name)
            .returning(businesses.c.id)
        )
        changed = connection.scalars(statement, {ROWS: rows_of(connection, columns, rows)}).all()
        names = connection.scalars(sa.select(businesses.c.name).order_by(businesses.c.id)).all()
        # So that the next test finds the businesses as they were.
        connection.rollback()
        return changed == known[:1], list(names)

    only_the_first, names = await database.write(rename)

    assert only_the_first
    assert names[0] == "Là-bas « 'x'"
    assert "unchanged" not in names
