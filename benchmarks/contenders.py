"""Who competes in benchmarks/notifications.py: BullMQ, and Relais on either database.

Each prepares a fresh database, says which processes do the work, and afterwards shows what it stored.
"""

import asyncio
import json
import shutil
import sqlite3
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from benchmarks.services import OwnRedis, PostgresDatabase, postgres_database
from benchmarks.sides import RunInvalid
from tests.stack import PYTHON, ROOT

BULLMQ: Final = ROOT / "benchmarks/bullmq"
INSTALL_SECONDS: Final = 300.0

BULLMQ_TABLE: Final = """CREATE TABLE messages (
    id bigserial PRIMARY KEY, recipient text NOT NULL, template text NOT NULL, variables jsonb NOT NULL,
    status text NOT NULL, wamid text, created_at timestamptz NOT NULL DEFAULT now(), due_at timestamptz NOT NULL,
    sent_at timestamptz)"""

# A burst's messages are made when they are due: the moment stands in what triggered them.
POSTGRES_ROWS: Final = """SELECT m.id, m.status,
    extract(epoch FROM coalesce((n.payload->>'due_at')::timestamptz, m.run_at))::float8 AS due
    FROM messages m JOIN notifications n ON n.id = m.notification_id"""
SQLITE_ROWS: Final = """SELECT m.id, m.status,
    (julianday(coalesce(json_extract(n.payload, '$.due_at'), m.run_at)) - 2440587.5) * 86400.0
    FROM messages m JOIN notifications n ON n.id = m.notification_id"""


@dataclass(frozen=True, slots=True)
class Row:
    """A message as it was stored in the end."""

    message_id: str
    status: str
    due_at: float  # seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """How the processes of a contender are started, and what each is told besides the job itself."""

    producer: tuple[str, ...]
    worker: tuple[str, ...] | None
    """None where the producer's process works, too: on SQLite one process owns the file."""
    work: Mapping[str, Any]


class Ready(Protocol):
    """A contender with a fresh database."""

    @property
    def commands(self) -> Commands:
        """Its processes."""
        ...

    async def start_counting(self) -> None:
        """CPU of the databases counts from now on."""
        ...

    async def cpu_seconds(self) -> float:
        """Of the databases' own processes, since then."""
        ...

    async def rows(self) -> list[Row]:
        """Everything that was stored."""
        ...


class Contender(Protocol):
    """One row of the table."""

    @property
    def name(self) -> str:
        """As the table says it."""
        ...

    def ready(self, folder: Path, people: int) -> AbstractAsyncContextManager[Ready]:
        """A fresh database with so many people to write to, dropped afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class BullMq:
    """The peer: rows in PostgreSQL, jobs in Redis."""

    name: str
    postgres: str
    redis: OwnRedis
    is_batched: bool = False

    @asynccontextmanager
    async def ready(self, folder: Path, people: int) -> AsyncIterator["_BullMqReady"]:
        self.redis.empty()
        async with postgres_database(self.postgres) as database:
            await database.execute(BULLMQ_TABLE)
            work = {"postgres": database.url, "redis_port": self.redis.port, "batched": self.is_batched}
            yield _BullMqReady(database, self.redis, work)


class _BullMqReady:
    def __init__(self, database: PostgresDatabase, redis: OwnRedis, work: Mapping[str, Any]) -> None:
        self._database = database
        self._redis = redis
        node, worker, producer = node_program(), str(BULLMQ / "worker.js"), str(BULLMQ / "producer.js")
        self.commands = Commands(producer=(node, producer), worker=(node, worker), work=work)

    async def start_counting(self) -> None:
        self._before = self._redis.cpu_seconds()
        await self._database.start_counting()

    async def cpu_seconds(self) -> float:
        return self._redis.cpu_seconds() - self._before + await self._database.cpu_seconds()

    async def rows(self) -> list[Row]:
        found = await self._database.fetch("SELECT id, status, extract(epoch FROM due_at)::float8 due FROM messages")
        return [Row(str(each["id"]), each["status"], each["due"]) for each in found]


@dataclass(frozen=True, slots=True)
class RelaisOnPostgres:
    """Ours as `relais web` and `relais worker` run it: two processes."""

    name: str
    postgres: str

    @asynccontextmanager
    async def ready(self, folder: Path, people: int) -> AsyncIterator["_PostgresReady"]:
        async with postgres_database(self.postgres) as database:
            await _relais("prepare", {"database": database.url, "people": people})
            yield _PostgresReady(database)


class _PostgresReady:
    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self.commands = Commands(
            producer=_relais_command("producer"), worker=_relais_command("worker"), work={"database": database.url}
        )

    async def start_counting(self) -> None:
        await self._database.start_counting()

    async def cpu_seconds(self) -> float:
        return await self._database.cpu_seconds()

    async def rows(self) -> list[Row]:
        found = await self._database.fetch(POSTGRES_ROWS)
        return [Row(str(each["id"]), each["status"], each["due"]) for each in found]


@dataclass(frozen=True, slots=True)
class RelaisOnSqlite:
    """Ours as `relais serve` runs it: one process owns the file (WAL, synchronous=FULL)."""

    name: str

    @asynccontextmanager
    async def ready(self, folder: Path, people: int) -> AsyncIterator["_SqliteReady"]:
        file = folder / "relais.db"
        url = f"sqlite:///{file.resolve()}"
        await _relais("prepare", {"database": url, "people": people})
        yield _SqliteReady(file, url)


class _SqliteReady:
    def __init__(self, file: Path, url: str) -> None:
        self._file = file
        self.commands = Commands(producer=_relais_command("both"), worker=None, work={"database": url})

    async def start_counting(self) -> None:
        """The database is a part of the process."""

    async def cpu_seconds(self) -> float:
        return 0.0

    async def rows(self) -> list[Row]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as database:
            found = database.execute(SQLITE_ROWS)
            return [Row(_hyphened(message_id), status, due) for message_id, status, due in found]


def node_program() -> str:
    """Where Node is. Raises RunInvalid."""
    program = shutil.which("node")
    if program is None or shutil.which("npm") is None:
        raise RunInvalid(
            "BullMQ runs on Node, and node or npm is not on the PATH: install Node.js 20, or --without-peer"
        )
    return program


async def install_bullmq() -> None:
    """Fetch what its lock names, once. Raises RunInvalid."""
    node_program()
    lock, installed = BULLMQ / "package-lock.json", BULLMQ / "node_modules/.package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = ("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    process = await asyncio.create_subprocess_exec(*command, cwd=BULLMQ, stdout=asyncio.subprocess.DEVNULL)
    async with asyncio.timeout(INSTALL_SECONDS):
        if await process.wait():
            raise RunInvalid("npm could not install BullMQ: its words stand above")


def _relais_command(part: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "benchmarks.relais_side", part)


async def _relais(part: str, work: Mapping[str, Any]) -> None:
    process = await asyncio.create_subprocess_exec(*_relais_command(part), json.dumps(work), cwd=ROOT)
    if await process.wait():
        raise RunInvalid("the database of ours could not be prepared: its words stand above")


def _hyphened(message_id: str) -> str:
    """SQLite keeps a UUID without hyphens."""
    return str(uuid.UUID(message_id))
