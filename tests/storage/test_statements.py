"""Statements that are the same for one row and for a thousand, on both databases."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.among import among
from storage.database import Database, DatabaseBusy, open_database
from storage.insert import insert_all
from storage.tables import businesses, subscribers
from storage.types import new_id
from tests.waiting import until


def _people(connection: Connection, *told: dict[str, Any]) -> list[str]:
    business = connection.scalar(sa.select(businesses.c.id).limit(1))
    same = {"business_id": business, "role": "client", "created_at": datetime.now(UTC)}
    rows = [{"id": new_id(), **same, **each} for each in told]
    insert_all(connection, subscribers, rows)
    return [row["id"] for row in rows]


def _named(connection: Connection, column: sa.Column[Any], values: list[Any]) -> set[str]:
    query = sa.select(subscribers.c.name).where(among(column, "values"))
    return set(connection.scalars(query, {"values": values}))


async def test_a_column_is_looked_for_among_ids_and_among_texts(database: Database) -> None:
    first, second, _ = await database.write(_people, {"name": "Grâce"}, {"name": "Jean"}, {"name": 'a "b" {c}, \\d'})

    assert await database.read(_named, subscribers.c.id, [first, second]) == {"Grâce", "Jean"}
    assert await database.read(_named, subscribers.c.name, ['a "b" {c}, \\d', "Paul"]) == {'a "b" {c}, \\d'}
    assert await database.read(_named, subscribers.c.id, []) == set()


async def test_nothing_is_among_no_values_and_everything_is_not(database: Database) -> None:
    await database.write(_people, {"name": "Grâce"})

    def others(connection: Connection) -> set[str | None]:
        query = sa.select(subscribers.c.name).where(~among(subscribers.c.name, "values"))
        return set(connection.scalars(query, {"values": []}))

    assert "Grâce" in await database.read(others)


async def test_many_rows_are_written_as_one_would_be(database: Database) -> None:
    attributes = {"visits": 3, "note": '« l\'été » \\ "ok"', "none": None}
    told = [{"name": f"p{number}", "attributes": attributes, "locale": None} for number in range(300)]
    ids = await database.write(_people, *told)

    def kept(connection: Connection) -> Any:
        s = subscribers.c
        return connection.execute(sa.select(s.name, s.attributes, s.locale).where(s.id == ids[-1])).one()

    assert await database.read(kept) == ("p299", attributes, None)


async def test_what_all_rows_share_is_each_one_s_own(database: Database) -> None:
    told = [{"name": "Grâce", "locale": "fr", "attributes": {"visits": number}} for number in range(3)]
    ids = await database.write(_people, *told)

    def kept(connection: Connection) -> list[Any]:
        s = subscribers.c
        query = sa.select(s.id, s.name, s.locale, s.attributes).where(among(s.id, "ids")).order_by(s.id)
        return [tuple(row) for row in connection.execute(query, {"ids": ids})]

    assert await database.read(kept) == [
        (each, "Grâce", "fr", {"visits": number}) for number, each in enumerate(sorted(ids))
    ]


async def test_a_row_that_exists_leaves_the_others_their_way(database: Database) -> None:
    (known,) = await database.write(_people, {"name": "first"})
    await database.write(_people, {"id": known, "name": "second"}, {"name": "third"})

    assert await database.read(_named, subscribers.c.name, ["first", "second", "third"]) == {"first", "third"}


async def test_what_is_too_long_for_its_column_is_refused_and_not_cut(postgresql_address: sa.URL) -> None:
    database = open_database(postgresql_address)
    long = {"name": "Grâce", "locale": "much-too-long"}
    for told in ([long], [long, long]):
        with pytest.raises(sa.exc.DBAPIError):
            await database.write(_people, *told)
    await database.close()


async def test_a_connection_that_the_server_closed_is_replaced(postgresql_address: sa.URL) -> None:
    database = open_database(postgresql_address)
    pid = await database.read(lambda connection: connection.scalar(sa.text("SELECT pg_backend_pid()")))
    outside = await asyncpg.connect(postgresql_address.set(drivername="postgresql").render_as_string(False))
    try:
        await outside.fetchval("SELECT pg_terminate_backend($1)", pid)

        async def works() -> bool:
            try:
                return await database.read(_named, subscribers.c.name, ["Paul"]) == set()
            except DatabaseBusy:
                # Used in the moment in which it was closed.
                return False

        await until(works)
    finally:
        await outside.close()
        await database.close()
