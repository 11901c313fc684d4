"""The table behind the tracker store: one row per event, numbered per sender, never changed until all are forgotten.

Plain synchronous SQL for SQLite and PostgreSQL; `tracker_store` runs it in threads. The database is created, or
checked, when the bot starts.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

from relais_bot.refusals import SchemaRefused

SCHEMA_VERSION = 1
#: What Rasa calls the event that begins a session.
SESSION_STARTED = "session_started"

CONNECTIONS = 4
#: How long a statement may wait for a lock or an answer; the turn that needs it has 20 s.
TIMEOUT_SECONDS = 5
#: Any number, as long as every bot takes the same one while it creates the tables.
_CREATION_LOCK = 5_005_001

_metadata = sa.MetaData()

_schema = sa.Table("bot_schema", _metadata, sa.Column("version", sa.Integer, primary_key=True))

_events = sa.Table(
    "events",
    _metadata,
    sa.Column("sender_id", sa.String(128), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("turn_id", sa.String(64)),
    sa.Column("type_name", sa.String(64), nullable=False),
    sa.Column("timestamp", sa.Float(53), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
# The turn alone: with the sender in front, SQLite would rather walk all events of the sender.
sa.Index("events_turn", _events.c.turn_id)


@dataclass(frozen=True, slots=True)
class Row:
    """One event as stored: `data` is Rasa's own JSON."""

    seq: int
    turn_id: str | None
    type_name: str
    timestamp: float
    data: str


class EventLog:
    """Reads and appends events. Every method is one transaction."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(make_url(url))
        self._prepare()

    def append(self, sender_id: str, rows: Sequence[Row]) -> None:
        """All rows or none; an IntegrityError when one of the numbers is taken."""
        values = [{"sender_id": sender_id, **asdict(row)} for row in rows]
        with self._engine.execution_options(relais_writes=True).begin() as connection:
            connection.execute(_events.insert(), values)

    def next_seq(self, sender_id: str) -> int:
        with self._engine.connect() as connection:
            last = connection.scalar(sa.select(sa.func.max(_events.c.seq)).where(_events.c.sender_id == sender_id))
        return 0 if last is None else int(last) + 1

    def latest_session(self, sender_id: str) -> list[Row]:
        """From the latest session start on; everything where no session ever started.

        The search for the start walks the primary key backwards, over no more than what is read anyway.
        """
        is_start = _events.c.type_name == SESSION_STARTED
        start = sa.select(sa.func.max(_events.c.seq)).where(_events.c.sender_id == sender_id, is_start)
        return self._rows(sender_id, _events.c.seq >= sa.func.coalesce(start.scalar_subquery(), 0))

    def all_events(self, sender_id: str) -> list[Row]:
        return self._rows(sender_id)

    def turn(self, sender_id: str, turn_id: str) -> list[Row]:
        return self._rows(sender_id, _events.c.turn_id == turn_id)

    def forget(self, sender_id: str) -> int:
        """Every event of a sender; how many there were."""
        with self._engine.execution_options(relais_writes=True).begin() as connection:
            return int(connection.execute(_events.delete().where(_events.c.sender_id == sender_id)).rowcount)

    def senders(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(_events.c.sender_id).distinct()))

    def close(self) -> None:
        self._engine.dispose()

    def _rows(self, sender_id: str, *conditions: Any) -> list[Row]:
        columns = (_events.c.seq, _events.c.turn_id, _events.c.type_name, _events.c.timestamp, _events.c.data)
        query = sa.select(*columns).where(_events.c.sender_id == sender_id, *conditions).order_by(_events.c.seq)
        with self._engine.connect() as connection:
            return [Row(*row) for row in connection.execute(query)]

    def _prepare(self) -> None:
        """Creates the tables in an empty database; refuses any other that is not ours and of this version."""
        with self._engine.execution_options(relais_writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
            existing = set(sa.inspect(connection).get_table_names())
            if not existing & {_schema.name, _events.name}:
                _metadata.create_all(connection)
                connection.execute(_schema.insert().values(version=SCHEMA_VERSION))
            else:
                _require_our_schema(connection, existing)


def _require_our_schema(connection: Connection, tables: set[str]) -> None:
    place = connection.engine.url.render_as_string(hide_password=True)
    if _schema.name not in tables:
        raise SchemaRefused(f"{place} holds an events table of another program; give the bot a database of its own.")
    version = connection.scalar(sa.select(_schema.c.version))
    if version != SCHEMA_VERSION:
        age = "older" if (version or 0) < SCHEMA_VERSION else "newer"
        raise SchemaRefused(
            f"{place} has the {age} schema {version}, and this bot works with schema {SCHEMA_VERSION} only: "
            f"run the version of the bot that made it, or give BOT_DATABASE_URL another database."
        )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if url.get_backend_name() == "postgresql":
        options = f"-c statement_timeout={TIMEOUT_SECONDS * 1000} -c lock_timeout={TIMEOUT_SECONDS * 1000}"
        return sa.create_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=TIMEOUT_SECONDS,
            pool_pre_ping=True,
            connect_args={"connect_timeout": TIMEOUT_SECONDS, "options": options},
        )
    raise SchemaRefused(f"BOT_DATABASE_URL must be sqlite:/// or postgresql://, not {url.get_backend_name()}://.")


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SchemaRefused("BOT_DATABASE_URL must name a file: sqlite:///var/bot.db.")
    _make_file(Path(url.database))
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=TIMEOUT_SECONDS,
        connect_args={"timeout": TIMEOUT_SECONDS, "check_same_thread": False, "isolation_level": None},
    )
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = FULL"))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    """An SQLite file in WAL mode that nobody else can read; SQLite gives its side files the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path)) as connection:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                # The one statement that does not wait for others: another bot may be starting.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _begin(connection: Connection) -> None:
    # A write that starts as a read can fail half-way when another writer gets in between.
    writes = connection.get_execution_options().get("relais_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
