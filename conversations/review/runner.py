"""The worker of review: projects turns soon after they end, a batch at a time."""

import asyncio
from typing import Final

import structlog

from conversations.review import projection
from storage.database import Database, StorageError
from storage.wakeup import Wakeup

log = structlog.get_logger()

POLL_SECONDS: Final = 0.5
"""The longest nap between two looks: the net under lost wake-ups."""

GATHER_SECONDS: Final = 0.2
"""After a wake-up, so that turns that end together share a transaction. Our choice: a reader hardly sees it."""

PAUSE_SECONDS: Final = 1.0
"""After a batch that failed."""


class ReviewRunner:
    """Projects until stopped."""

    def __init__(self, *, database: Database, wakeup: Wakeup) -> None:
        self._database = database
        self._wakeup = wakeup
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`, then finish the batch under way."""
        while not self._stopping.is_set():
            try:
                if await self._database.write(projection.project) < projection.BATCH:
                    await self._wakeup.wait("review", POLL_SECONDS)
                    await self._rest(GATHER_SECONDS)
            except StorageError as error:
                log.error("review.storage_unavailable", problem=str(error))
                await self._rest(PAUSE_SECONDS)
            except Exception:
                # The turns of a batch that failed wait on: lag tells of it.
                log.exception("review.batch_broken")
                await self._rest(PAUSE_SECONDS)

    def stop(self) -> None:
        """Begin no new batch."""
        self._stopping.set()
        self._wakeup.signal("review")

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
