"""The loop of a worker: claim as many rows as there are free slots, run them side by side, sleep when idle."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from storage.database import Database, StorageError
from storage.wakeup import Wakeup

log = structlog.get_logger()

POLL_SECONDS = 0.5
"""The longest nap between two looks at the database: the net under lost wake-ups."""

SHORTEST_NAP_SECONDS = 0.01
PAUSE_SECONDS = 1.0
"""After a claim that failed."""

GATHER_SECONDS: Final = 0.015
"""While more is due than there are slots: so long the next claim waits for most of them to be free, so that
not each end of an item costs one. Our choice."""

GATHERED_SHARE: Final = 0.75
"""Of all slots: what is most of them. Our choice."""

MOST_AT_ONCE: Final = 200
"""Rows of one claim: so many wait for each other. Our choice."""


class WorkLoop[Item]:
    """Claims items from the database and runs each in a task of its own, at most `concurrency` at once.

    `claim(connection, limit)` takes items under a lease; `due(connection)` tells in how many seconds the next
    one is due (None: none waits); `run(item)` does the work, settles it, and raises nothing but StorageError,
    after which the lease runs out and somebody takes the item again. `taken(items)` hears of them before they run.
    """

    def __init__(
        self,
        *,
        topic: str,
        database: Database,
        wakeup: Wakeup,
        concurrency: int,
        claim: Callable[[Connection, int], Sequence[Item]],
        due: Callable[[Connection], float | None],
        run: Callable[[Item], Awaitable[None]],
        taken: Callable[[Sequence[Item]], None] | None = None,
    ) -> None:
        self._topic = topic
        self._database = database
        self._wakeup = wakeup
        self._concurrency = concurrency
        self._claim = claim
        self._due = due
        self._run_item = run
        self._taken = taken
        self._few = int(concurrency * (1 - GATHERED_SHARE))
        self._is_backlogged = False
        self._running: set[asyncio.Task[None]] = set()
        self._freed = asyncio.Event()
        self._most_freed = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Work until `stop`, then finish what is under way."""
        try:
            while not self._stopping:
                try:
                    await self._step()
                except StorageError as error:
                    log.error("work.storage_unavailable", topic=self._topic, problem=str(error))
                    await asyncio.sleep(PAUSE_SECONDS)
                except Exception:
                    # One broken claim must not end the worker: the next may be a whole one.
                    log.exception("work.claim_broken", topic=self._topic)
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            if self._running:
                await asyncio.wait(self._running)

    @property
    def is_backlogged(self) -> bool:
        """More was due than could be taken, when it was last looked at."""
        return self._is_backlogged

    def stop(self) -> None:
        """Take nothing new."""
        self._stopping = True
        self._freed.set()
        self._wakeup.signal(self._topic)

    async def _step(self) -> None:
        free = await self._free()
        if self._stopping:
            return
        wanted = min(free, MOST_AT_ONCE)
        items = await self._database.write(self._claim, wanted)
        if self._taken is not None:
            self._taken(items)
        for item in items:
            task = asyncio.create_task(self._guarded(item))
            self._running.add(task)
            task.add_done_callback(self._ended)
        self._is_backlogged = len(items) == wanted
        if not self._is_backlogged:
            # Everything that was due is taken; what comes now signals, what comes due later is asked for.
            due = await self._database.read(self._due)
            nap = POLL_SECONDS if due is None else min(POLL_SECONDS, max(due, SHORTEST_NAP_SECONDS))
            await self._wakeup.wait(self._topic, nap)

    async def _free(self) -> int:
        """How many slots there are for the next claim; where more is due anyway, many of them at once."""
        if len(self._running) >= self._concurrency:
            self._freed.clear()
            await self._freed.wait()
        if self._is_backlogged and len(self._running) > self._few:
            self._most_freed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._most_freed.wait(), GATHER_SECONDS)
        return self._concurrency - len(self._running)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._freed.set()
        if len(self._running) <= self._few:
            self._most_freed.set()

    async def _guarded(self, item: Item) -> None:
        try:
            await self._run_item(item)
        except StorageError as error:
            log.error("work.not_settled", topic=self._topic, problem=str(error))
        except Exception:
            log.exception("work.broken", topic=self._topic)
