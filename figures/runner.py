"""The worker of figures: counts the hour that lasts, and those before it, the newest first."""

import asyncio
import time
from typing import Final

import structlog

from figures import counting, keeping
from storage.database import Database, StorageError

log = structlog.get_logger()

IDLE_SECONDS: Final = 2.0
"""Between two looks where nothing is due."""

PAUSE_SECONDS: Final = 5.0
"""After a count that failed."""


class FiguresRunner:
    """Counts until stopped."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`, then finish the hours under way."""
        while not self._stopping.is_set():
            try:
                took = await self.count_some()
                # While it catches up, half of the time is left to others.
                await self._rest(IDLE_SECONDS if took is None else took)
            except StorageError as error:
                log.error("figures.storage_unavailable", problem=str(error))
                await self._rest(PAUSE_SECONDS)
            except Exception:
                log.exception("figures.count_broken")
                await self._rest(PAUSE_SECONDS)

    async def count_some(self) -> float | None:
        """Count the newest hours that are due; how many seconds it took, None where none is due."""
        hours = await self._database.write(keeping.claim)
        if not hours:
            return None
        found = []
        for at in hours:
            began = time.monotonic()
            counted = await self._database.read(counting.count_hour, at)
            found.append(keeping.CountedHour(at=at, counted=counted, took_seconds=time.monotonic() - began))
        await self._database.write(keeping.keep, found)
        return sum(each.took_seconds for each in found)

    def stop(self) -> None:
        """Begin no new hours."""
        self._stopping.set()

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
