"""The worker of plans: takes those that are due, walks them on, and counts what fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from notifications.plans import due
from notifications.plans.due import Claimed
from notifications.plans.resuming import resume
from notifications.plans.walk import Decision
from notifications.plans.writing import decide
from notifications.ports import ReplyTokens
from storage.database import Database, StorageError
from storage.wakeup import Wakeup
from storage.work import WorkLoop

TOPIC: Final = "plans"

BATCH: Final = 100
"""Plans walked in one transaction: some tens of milliseconds, for which others on SQLite wait. Our choice."""

BATCHES_AT_ONCE: Final = 2

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Batch:
    plans: Sequence[Claimed]


class PlanRunner:
    """Walks plans that are due until stopped. Any number of them may run on one PostgreSQL."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        tokens: ReplyTokens,
        clock: Callable[[], datetime],
        lease_seconds: float = due.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._wakeup = wakeup
        self._tokens = tokens
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._loop = WorkLoop(
            topic=TOPIC,
            database=database,
            wakeup=wakeup,
            concurrency=BATCHES_AT_ONCE,
            claim=self._claim,
            due=due.seconds_until_due,
            run=self._walk,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish what is under way."""
        await self._loop.run()

    def stop(self) -> None:
        """Take no new plan."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[_Batch]:
        claimed = due.claim(connection, BATCH, self._lease_seconds)
        return [_Batch(claimed)] if claimed else []

    async def _walk(self, batch: _Batch) -> None:
        """Together, or one by one where one of them spoils the transaction that they share."""
        able = [each for each in batch.plans if each.failures < due.MOST_FAILURES]
        for each in batch.plans:
            if each.failures >= due.MOST_FAILURES:
                await self._fail(each, f"{each.failures} workers stopped while walking it.")
        try:
            await self._resume(able)
        except StorageError:
            raise
        except Exception:
            for each in able:
                await self._walk_alone(each)

    async def _walk_alone(self, claimed: Claimed) -> None:
        try:
            await self._resume([claimed])
        except StorageError:
            raise
        except Exception as error:
            # What it says may hold what people wrote.
            log.exception("plan.failed", notification_id=claimed.id, failures=claimed.failures + 1)
            await self._fail(claimed, type(error).__name__)

    async def _resume(self, claimed: Sequence[Claimed]) -> None:
        if not claimed:
            return
        has_queued = await self._database.write(resume, claimed, self._tokens)
        if has_queued:
            self._wakeup.signal("messages")

    async def _fail(self, claimed: Claimed, problem: str) -> None:
        if await self._database.write(_fail, claimed, problem, self._clock()):
            log.error("plan.given_up", notification_id=claimed.id, problem=problem)


def _fail(connection: Connection, claimed: Claimed, problem: str, now: datetime) -> bool:
    is_over = due.fail(connection, claimed, problem, now)
    business_id = due.business_of(connection, claimed.id)
    decision = Decision(
        decision="failed" if is_over else "retries",
        reason=f"It could not be walked ({problem}); " + ("it is given up." if is_over else "it is tried again."),
    )
    decide(connection, [(claimed.id, business_id, decision)], now)
    return is_over
