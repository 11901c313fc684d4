"""Wakes whoever waits for work: at once inside a process, through LISTEN/NOTIFY between processes on PostgreSQL.

A wake-up is a hint, never the truth: it may be lost or come for nothing, so every waiter also polls.
"""

import asyncio
import contextlib
from typing import Any, Protocol

import asyncpg
import structlog
from sqlalchemy.engine import URL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0


class Wakeup(Protocol):
    """Signals that a topic ("turns", "messages") has work, and waits for such a signal."""

    def signal(self, topic: str) -> None:
        """Wake the waiters of a topic. Call it after the commit."""
        ...

    def nudge(self, topic: str) -> None:
        """Wake the waiters of this process alone: what is new is its own affair, such as a slot that is free."""
        ...

    async def wait(self, topic: str, timeout_seconds: float) -> None:
        """Return when the topic is signalled (also just before this call), or when the time is over."""
        ...

    async def close(self) -> None: ...


class LocalWakeup:
    """Wakes waiters of this process only: enough where one process does everything."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def signal(self, topic: str) -> None:
        self._event(topic).set()

    def nudge(self, topic: str) -> None:
        self._event(topic).set()

    async def wait(self, topic: str, timeout_seconds: float) -> None:
        event = self._event(topic)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), timeout_seconds)
        event.clear()

    async def close(self) -> None:
        """Nothing is held."""

    def _event(self, topic: str) -> asyncio.Event:
        return self._events.setdefault(topic, asyncio.Event())


class PostgresWakeup(LocalWakeup):
    """Wakes waiters of every process on the same database.

    Signals are sent outside the transactions that caused them and merged while one is on its way, because
    PostgreSQL lets only one committing transaction with a NOTIFY through at a time.
    """

    def __init__(self, url: URL) -> None:
        super().__init__()
        # A plain address, as libpq writes it.
        query = {"sslmode" if key == "ssl" else key: value for key, value in url.query.items()}
        self._dsn = url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
        self._pending: set[str] = set()
        self._has_pending = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def signal(self, topic: str) -> None:
        super().signal(topic)
        self._pending.add(topic)
        self._has_pending.set()

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._serve_connection()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("wakeup.disconnected", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _serve_connection(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.add_listener("relais", self._heard)
            while True:
                await self._has_pending.wait()
                self._has_pending.clear()
                topics, self._pending = self._pending, set()
                for topic in topics:
                    await connection.execute("SELECT pg_notify('relais', $1)", topic)
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    def _heard(self, _connection: Any, _pid: int, _channel: str, topic: str) -> None:
        self._event(topic).set()
