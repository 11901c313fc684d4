"""The worker that asks what became of messages whose provider tells nothing that could be believed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Row

from channels.reports import Report
from channels.sending import SendError
from notifications.reported import keep_reports
from notifications.status import Status
from notifications.tables import messages
from storage.database import Database, StorageError
from storage.types import first_id_at
from storage.wakeup import Wakeup

log = structlog.get_logger()


class Tells(Protocol):
    """Whom to ask."""

    async def report(self, provider_message_id: str, asked_at: datetime) -> Report | None:
        """What is known of a message now; None while there is nothing to know. Raises SendError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How often messages of an age are asked about."""

    younger_than: timedelta
    every_seconds: float


ROUNDS: Final = (
    Round(younger_than=timedelta(minutes=10), every_seconds=10.0),
    Round(younger_than=timedelta(days=1), every_seconds=600.0),
    Round(younger_than=timedelta(days=3), every_seconds=3600.0),
)
"""Most phones take an SMS within seconds; networks go on trying for three days at most. The pauses are our choice."""

MOST_AT_ONCE: Final = 500
"""Messages of one round. Others are of the next, newest first; our choice."""

LOOK_SECONDS: Final = 1.0
"""How often it is looked whether a round is due."""


class ReportRounds:
    """Asks one provider. Several workers ask twice, which changes nothing."""

    def __init__(
        self,
        *,
        provider: str,
        asks: Tells,
        database: Database,
        wakeup: Wakeup,
        clock: Callable[[], datetime],
        steady: Callable[[], float],
    ) -> None:
        self._provider = provider
        self._asks = asks
        self._database = database
        self._wakeup = wakeup
        self._clock = clock
        self._steady = steady
        self._due_at = {each: 0.0 for each in ROUNDS}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask until `stop`. An error of the provider's or of the database waits for the next round."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except StorageError as error:
                log.error("reports.not_kept", problem=str(error))
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._stopping.wait()
            except TimeoutError:
                pass

    def stop(self) -> None:
        """Ask nothing new."""
        self._stopping.set()

    async def look(self) -> int:
        """Make every round that is due; how many messages were asked about."""
        asked, older_than = 0, timedelta(0)
        for each in ROUNDS:
            if self._steady() >= self._due_at[each]:
                asked += await self._make(older_than, each.younger_than)
                self._due_at[each] = self._steady() + each.every_seconds
            older_than = each.younger_than
        return asked

    async def _make(self, older_than: timedelta, younger_than: timedelta) -> int:
        now = self._clock()
        rows = await self._database.read(_open, self._provider, now - younger_than, now - older_than)
        for row in rows:
            if self._stopping.is_set():
                break
            try:
                report = await self._asks.report(row.provider_message_id, self._clock())
            except SendError as error:
                # What one question is refused for, the next one would be too.
                log.warning("reports.not_asked", provider=self._provider, reason=str(error))
                break
            if report is not None:
                await self._keep(report)
        return len(rows)

    async def _keep(self, report: Report) -> None:
        if await self._database.write(keep_reports, [report], self._clock()):
            for topic in ("messages", "plans"):
                self._wakeup.signal(topic)


def _open(connection: Connection, provider: str, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Messages made in this time that left and of which no end is known, the newest first."""
    m = messages.c
    query: sa.Select[Any] = (
        sa.select(m.id, m.provider_message_id)
        # Ids are in the order of time, so that the primary key finds them.
        .where(m.id >= first_id_at(since), m.id < first_id_at(until))
        .where(m.provider == provider, m.status == Status.SENT, m.provider_message_id.is_not(None))
        .order_by(m.id.desc())
        .limit(MOST_AT_ONCE)
    )
    return connection.execute(query).all()
