"""Keeps the demo's data in one SQLite file, and gives out transactions on it."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
SCHEMA_VERSION = 4  # of schema.sql; raise it with every change there
BUSY_SECONDS = 5.0  # how long to wait for whoever else has the file open, such as a person with a sqlite shell

log = logging.getLogger(__name__)


class NotOurs(Exception):
    """The file holds something else than the demo's data; the message names it."""


class Store:
    """Gives out transactions; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """Open the file, and make its tables where it is new or from an older version of the demo."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        # One connection for all threads, guarded by the lock: opening one costs more than any question here.
        self._connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        try:
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
            self._prepare(file)
        except (sqlite3.DatabaseError, NotOurs) as error:
            self._connection.close()
            raise NotOurs(f"{file} cannot be used: {error}. Move it away, or set VAR_DIR to another folder.") from None
        self._connection.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The data, and nobody changing it meanwhile."""
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _prepare(self, file: Path) -> None:
        """Demo data needs no migrations: tables of another version are dropped, and planted anew."""
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        tables = [
            row["name"] for row in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        if tables and version == SCHEMA_VERSION:
            return
        if tables and "missions" not in tables:
            raise NotOurs("it is not the demo backend's")
        if tables:
            log.warning("%s is from another version of the demo: its data is replaced by that of the first day.", file)
        drops = "".join(f"DROP TABLE {name};" for name in tables)
        self._connection.executescript(
            f"PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE; {drops} {SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;"
        )


def to_text(at: datetime) -> str:
    """A moment as this file keeps it: UTC, so that the text sorts like the time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def to_moment(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.fromisoformat(text)


def insert(database: sqlite3.Connection, table: str, **values: str | int | None) -> None:
    """One row; the names are those of columns and written by us."""
    columns, places = ", ".join(values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(values.values()))  # noqa: S608
