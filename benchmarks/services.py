"""The databases behind a benchmark: a Redis of its own, PostgreSQL databases dropped afterwards, and their CPU."""

import contextlib
import secrets
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil
from redis import Redis
from redis.exceptions import RedisError

from benchmarks.children import cpu_seconds
from benchmarks.sides import RunInvalid
from tests.free_ports import free_ports

START_SECONDS: Final = 10.0

WORKING: Final = """SELECT pid FROM pg_stat_activity
    WHERE (datname = $1 AND pid <> pg_backend_pid())
       OR backend_type IN ('walwriter', 'checkpointer', 'background writer')"""
"""Whose CPU is counted: who serves a database of ours, and who writes for all. The server may have other guests."""


class OwnRedis:
    """A redis-server on a free port that keeps nothing on disk."""

    def __init__(self, port: int, process: psutil.Process) -> None:
        self.port = port
        self._process = process
        self._client = Redis(port=port)

    def empty(self) -> None:
        """Forget everything."""
        self._client.flushall()

    def cpu_seconds(self) -> float:
        """Since it started."""
        return cpu_seconds(self._process)


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    """Start one, and end it. Raises RunInvalid where there is no redis-server."""
    program = shutil.which("redis-server")
    if program is None:
        raise RunInvalid("BullMQ keeps its jobs in Redis, and there is no redis-server on the PATH: install Redis 7")
    port = free_ports(1)[0]
    quiet = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", str(folder), "--loglevel", "warning"]
    started = subprocess.Popen([program, "--port", str(port), *quiet], stdout=subprocess.DEVNULL)
    try:
        redis = OwnRedis(port, psutil.Process(started.pid))
        ends = time.monotonic() + START_SECONDS
        while not _answers(port):
            if time.monotonic() > ends:
                raise RunInvalid("redis-server does not answer")
            time.sleep(0.02)
        yield redis
    finally:
        started.terminate()
        started.wait(10)


def _answers(port: int) -> bool:
    with contextlib.closing(Redis(port=port, socket_connect_timeout=1)) as redis:
        try:
            return bool(redis.ping())
        except RedisError:
            return False


class PostgresDatabase:
    """A database of its own on a server of this machine."""

    def __init__(self, url: str, name: str, connection: asyncpg.Connection) -> None:
        self.url = url
        self._name = name
        self._connection = connection
        self._before: dict[int, float] = {}

    async def fetch(self, question: str) -> list[Any]:
        """Ask it."""
        found: list[Any] = await self._connection.fetch(question)
        return found

    async def execute(self, statement: str) -> None:
        """Change it."""
        await self._connection.execute(statement)

    async def start_counting(self) -> None:
        """CPU counts from now on."""
        self._before = await self._used()

    async def cpu_seconds(self) -> float:
        """Since `start_counting`, of every process that worked for this database and is still there."""
        used = await self._used()
        return sum(seconds - self._before.get(pid, 0.0) for pid, seconds in used.items())

    async def _used(self) -> dict[int, float]:
        rows = await self._connection.fetch(WORKING, self._name)
        used = {}
        for row in rows:
            with contextlib.suppress(psutil.NoSuchProcess):
                used[row["pid"]] = cpu_seconds(psutil.Process(row["pid"]))
        return used


@asynccontextmanager
async def postgres_database(server: str) -> AsyncIterator[PostgresDatabase]:
    """A new, empty one, randomly named, dropped at the end. Raises RunInvalid where there is no server."""
    name = f"relais_benchmark_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name}")
    try:
        url = f"{server.rsplit('/', 1)[0]}/{name}"
        connection = await asyncpg.connect(url, timeout=10)
        try:
            yield PostgresDatabase(url, name, connection)
        finally:
            await connection.close()
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def postgres_settings(server: str) -> str:
    """What durability it has, for the record. Raises RunInvalid where there is no server."""
    asked = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    connection = await _connect(server)
    try:
        said = [f"{name} {await connection.fetchval(f'SHOW {name}')}" for name in asked]
    finally:
        await connection.close()
    return ", ".join(said)


async def _execute(server: str, statement: str) -> None:
    connection = await _connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _connect(server: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(server, timeout=10)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise RunInvalid(f"no PostgreSQL at --postgres ({type(error).__name__}): it holds the rows of BullMQ") from None
