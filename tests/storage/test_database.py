"""Units of work commit alone or together, and never half."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

import conversations.guest_tables
import conversations.models.tables
import conversations.review.tables
import conversations.tables
import figures.tables
import notifications.tables
import server.alerts.tables
import server.token_age.tables
import staff.tables
from conversations.review.tables import FOR_SEARCH
from server.desk.people.names import FOR_NAMES
from storage.clock import database_now
from storage.database import BadDatabaseUrl, Database, DatabaseBusy, database_url, open_database
from storage.insert import insert_new
from storage.migrate import SchemaMismatch, require_current, upgrade
from storage.tables import addresses, businesses, metadata, subscribers
from storage.types import new_id
from storage.wakeup import LocalWakeup, PostgresWakeup

MADE_BY_HAND = FOR_SEARCH + FOR_NAMES
TABLES = (
    conversations.tables,
    figures.tables,
    notifications.tables,
    server.alerts.tables,
    server.token_age.tables,
    staff.tables,
)


def _add(connection: Connection, name: str, *, then_fail: bool = False) -> None:
    business = connection.scalar(sa.select(businesses.c.id).limit(1))
    connection.execute(
        sa.insert(subscribers).values(
            id=new_id(), business_id=business, role="client", name=name, created_at=datetime.now(UTC)
        )
    )
    if then_fail:
        raise ValueError(name)


def _names(connection: Connection) -> set[str]:
    return set(connection.execute(sa.select(subscribers.c.name)).scalars())


async def test_one_unit_that_fails_does_not_undo_its_neighbours(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.write(_add, f"p{n}", then_fail=n % 3 == 0) for n in range(30)), return_exceptions=True
    )

    assert await database.read(_names) == {f"p{n}" for n in range(30) if n % 3}
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]


async def test_a_cancelled_caller_leaves_no_half_work(database: Database) -> None:
    task = asyncio.create_task(database.write(_add, "whole"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.write(_add, "after")

    assert await database.read(_names) in ({"whole", "after"}, {"after"})


async def test_a_row_that_exists_is_not_inserted_twice(database: Database) -> None:
    await database.write(_add, "Grâce")

    def add(connection: Connection) -> str | None:
        subscriber, business = connection.execute(sa.select(subscribers.c.id, subscribers.c.business_id)).one()
        row = {"id": new_id(), "business_id": business, "subscriber_id": subscriber}
        return insert_new(connection, addresses, {**row, "kind": "whatsapp", "value": "1"}, addresses.c.id)

    assert await database.write(add) is not None
    assert await database.write(add) is None


async def test_the_databases_clock_is_read_as_an_aware_moment(database: Database) -> None:
    later = await database.read(lambda connection: connection.scalar(sa.select(database_now(90))))
    assert later is not None
    assert timedelta(seconds=80) < later - datetime.now(UTC) < timedelta(seconds=100)


async def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": False, "include_name": lambda name, *_: not str(name).startswith(MADE_BY_HAND)}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    assert await database.read(differences) == []


async def test_an_older_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    empty = open_database(database_url("", tmp_path / "empty.db"))
    with pytest.raises(SchemaMismatch, match=r"\./relais migrate"):
        await empty.read(require_current)
    await empty.write(upgrade)
    await empty.read(require_current)
    await empty.close()


@pytest.mark.parametrize("url", ["mysql://host/name", "not a url", "postgres//x"])
def test_an_address_we_cannot_use_is_named(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="DATABASE_URL"):
        database_url(url, Path("relais.db"))


async def test_a_signal_wakes_a_waiter_of_another_process_on_postgresql(postgresql_address: sa.URL) -> None:
    here, there = PostgresWakeup(postgresql_address), PostgresWakeup(postgresql_address)
    try:
        waiting = asyncio.create_task(there.wait("turns", 10))
        while not waiting.done():
            here.signal("turns")
            await asyncio.wait([waiting], timeout=0.05)
    finally:
        await here.close()
        await there.close()


async def test_a_signal_that_came_before_the_wait_is_not_lost() -> None:
    wakeup = LocalWakeup()
    wakeup.signal("turns")
    await asyncio.wait_for(wakeup.wait("turns", 10), 1)


async def test_a_full_disk_is_a_busy_database_and_no_fault_of_the_work(sqlite_address: sa.URL) -> None:
    full = open_database(sqlite_address)

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for _ in range(1000):
            _add(connection, "x" * 2000)

    with pytest.raises(DatabaseBusy):
        await full.write(fill)
    await full.close()


async def test_an_error_carries_nothing_that_people_wrote(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(sa.text("INSERT INTO nowhere VALUES (:words)"), {"words": "mon secret"})

    with pytest.raises((sa.exc.DBAPIError, DatabaseBusy)) as raised:
        await database.write(fail)
    assert "mon secret" not in str(raised.value) + str(raised.value.__cause__)


async def test_a_postgresql_that_is_not_there_or_refuses_us_is_told_apart(postgresql_address: sa.URL) -> None:
    for url, expected in (
        (postgresql_address.set(host="127.0.0.1", port=1), DatabaseBusy),
        (postgresql_address.set(database="no_such_database"), BadDatabaseUrl),
    ):
        database = open_database(url)
        with pytest.raises(expected):
            await database.read(_names)
        await database.close()


def test_libpqs_sslmode_is_understood() -> None:
    url = database_url("postgresql://u:p@h/n?sslmode=disable", Path("x"))
    assert url.query == {"ssl": "disable"}
