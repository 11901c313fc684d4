"""The worker that watches over the house: looks what is wrong, keeps what stands, and tells it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from server.alerts import notices, saying, standing
from server.alerts.standing import Alert, Key
from server.alerts.telling import Teller
from server.watching.readings import Reading
from storage.database import Database, StorageError
from storage.types import new_id

LOOK_SECONDS: Final = 15.0
"""Between two looks."""

AWAY_FOR: Final = timedelta(minutes=1)
"""A database that takes nothing for so long is told of, without it."""

log = structlog.get_logger()


class AlertWatch:
    """Looks every quarter of a minute; of several processes, one looks, and each notice is told by one."""

    def __init__(
        self,
        *,
        database: Database,
        read: Callable[[], Awaitable[list[Reading]]],
        teller: Teller,
        clock: Callable[[], datetime],
    ) -> None:
        """`read` tells what the gauges read now. Raises StorageError."""
        self._database = database
        self._read = read
        self._teller = teller
        self._clock = clock
        self._owner = new_id()
        self._away_since: datetime | None = None
        self._away_told = False
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Watch until `stop`."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except Exception:
                log.exception("alerts.watch_broken")
            try:
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        try:
            await self._database.write(notices.let_watch_go, self._owner)
        except StorageError as error:
            log.warning("alerts.watch_not_let_go", problem=str(error))

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    async def look(self) -> None:
        """Look once, and tell what is to be told."""
        try:
            if await self._database.write(notices.take_watch, self._owner):
                found = standing.broken(await self._read())
                await self._database.write(self._judge, found)
            await self._tell_what_is_due()
        except StorageError as error:
            log.error("alerts.storage_unavailable", problem=str(error))
            await self._database_is_away()
        else:
            await self._database_is_there()

    def _judge(self, connection: Connection, found: dict[Key, float]) -> None:
        now = self._clock()
        said = standing.judge(connection, found, now)
        notices.queue(connection, said, self._teller.recipients, now)
        for each in said:
            alert = standing.find(connection, each.alert_id)
            if alert is not None:
                log.warning(f"alert.{each.what}", rule=alert.rule, subject=alert.subject)

    async def _tell_what_is_due(self) -> None:
        for notice in await self._database.write(notices.claim):
            problem = await self._teller.tell(notice.id, notice.what, notice.alert, notice.to)
            if problem is not None:
                log.error("alert.not_told", way=notice.to.way, problem=problem)
            await self._database.write(partial(notices.settle, notice=notice, problem=problem, now=self._clock()))

    async def _database_is_away(self) -> None:
        """Each process that notices tells it: there is nowhere to agree on one."""
        now = self._clock()
        self._away_since = self._away_since or now
        if not self._away_told and now - self._away_since >= AWAY_FOR:
            self._away_told = await self._tell_everybody("raised", saying.of_the_database(self._away_since))

    async def _database_is_there(self) -> None:
        if self._away_since is not None and self._away_told:
            await self._tell_everybody("over", saying.of_the_database(self._away_since, self._clock()))
        self._away_since, self._away_told = None, False

    async def _tell_everybody(self, what: str, alert: Alert) -> bool:
        """Whether anybody could be told, or nobody is to be."""
        recipients = self._teller.recipients
        problems = [await self._teller.tell(f"{alert.id}-{what}", what, alert, each) for each in recipients]
        return not problems or any(each is None for each in problems)
