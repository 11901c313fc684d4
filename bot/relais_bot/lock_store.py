"""One turn at a time per sender, first come first served, without polling.

Rasa's own store wakes up once a second to see whether it is its turn. This one is for a single process, which is
how the bot runs: senders are spread over several bots by the caller, never shared between them.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore

#: Longer than any turn may take (20 s), so that only a bot in trouble refuses.
WAIT_SECONDS = 30.0


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0  # holding or waiting; the entry goes with the last of them


class AsyncioLockStore(LockStore):
    """`lock_store: {type: relais_bot.lock_store.AsyncioLockStore}` in endpoints.yml."""

    def __init__(self, endpoint_config: Any = None, wait_seconds: float = WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Waits for one's turn; `LockError` after `WAIT_SECONDS`. Rasa's two times have no meaning here."""
        queue = self._queues.setdefault(conversation_id, _Queue())
        queue.users += 1
        try:
            await self._wait(queue.lock)
            try:
                yield TicketLock(conversation_id)
            finally:
                queue.lock.release()
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[conversation_id]

    async def _wait(self, lock: asyncio.Lock) -> None:
        try:
            await asyncio.wait_for(lock.acquire(), self._wait_seconds)
        except asyncio.TimeoutError:
            # The sender id stays out of the sentence: errors are logged.
            raise LockError(f"The sender's previous turn is still running after {self._wait_seconds:g} s.") from None
