"""Wakes whoever waits for work: at once inside a process, through LISTEN/NOTIFY between processes on PostgreSQL.

A wake-up is a hint, never the truth: it may be lost or come for nothing, so every waiter also polls.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

import asyncpg
import structlog
from sqlalchemy.engine import URL

log = structlog.get_logger()

RECONNECT_SECONDS = 1.0

_NOTIFY = "SELECT pg_notify('relais', topic) FROM unnest($1::text[]) AS topic"


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

    def follow(self, topic: str, heard: Callable[[str], None]) -> None:
        """From now on a signal `topic:name` wakes no waiter: `heard` is told the name, whichever process said it.

        For topics with more names than one would wait for, such as a person's id. No name means that some may have been
        missed.
        """
        ...

    async def close(self) -> None: ...


class LocalWakeup:
    """Wakes waiters of this process only: enough where one process does everything."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}
        self._followers: dict[str, Callable[[str], None]] = {}

    def signal(self, topic: str) -> None:
        if not self._follow(topic):
            self._event(topic).set()

    def nudge(self, topic: str) -> None:
        self._event(topic).set()

    async def wait(self, topic: str, timeout_seconds: float) -> None:
        event = self._event(topic)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), timeout_seconds)
        event.clear()

    def follow(self, topic: str, heard: Callable[[str], None]) -> None:
        self._followers[topic] = heard

    async def close(self) -> None:
        """Nothing is held."""

    def _follow(self, signalled: str) -> bool:
        """Whether it was for a follower, who is told."""
        topic, _, name = signalled.partition(":")
        heard = self._followers.get(topic)
        if heard is not None:
            heard(name)
        return heard is not None

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
            for topic in self._followers:
                # Until now nobody listened to the others.
                self._follow(f"{topic}:")
            while True:
                await self._has_pending.wait()
                self._has_pending.clear()
                topics, self._pending = self._pending, set()
                # Work first: a broadcast to many inboxes must not keep a turn waiting.
                await connection.execute(_NOTIFY, sorted(topics, key=lambda topic: ":" in topic))
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    def _heard(self, connection: Any, pid: int, _channel: str, topic: str) -> None:
        if topic.partition(":")[0] not in self._followers:
            self._event(topic).set()
        elif pid != connection.get_server_pid():
            # What this process said itself, its follower was told at once.
            self._follow(topic)
