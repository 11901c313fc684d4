"""The worker of messages: claims what may go, lets the provider deliver it, settles the outcome."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.error_codes import Remedy
from notifications import claim
from notifications.claim import Outgoing
from notifications.pacing import Pacing
from notifications.providers.base import Accepted, Failed, Outcome, Provider
from notifications.rates import Answer, LocalRates, Rates
from notifications.settling import put_off, settle
from storage.database import Database
from storage.wakeup import Wakeup
from storage.work import WorkLoop

TEND_SECONDS = 0.2
"""How often, at most, leases that ran out and stopped numbers are looked for: they are rare, and claims are not."""

log = structlog.get_logger()


class DeliveryRunner:
    """Sends queued messages until stopped."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        provider: Provider,
        clock: Callable[[], datetime],
        concurrency: int,
        rates: Rates | None = None,
        lease_seconds: float = claim.LEASE_SECONDS,
    ) -> None:
        """Without `rates`, they are counted for this worker alone."""
        self._database = database
        self._wakeup = wakeup
        self._provider = provider
        self._clock = clock
        self._rates = rates or LocalRates(time.monotonic)
        self._pacing = Pacing(self._rates, time.monotonic)
        self._lease_seconds = lease_seconds
        self._tended_at = 0.0
        self._loop = WorkLoop(
            topic="messages",
            database=database,
            wakeup=wakeup,
            concurrency=concurrency,
            claim=self._claim,
            due=self._due,
            run=self._deliver,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the sends under way."""
        try:
            await self._loop.run()
        finally:
            await self._rates.aclose()

    def stop(self) -> None:
        """Take no new message."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Outgoing]:
        now = self._clock()
        is_time_to_tend = time.monotonic() - self._tended_at > TEND_SECONDS
        if is_time_to_tend:
            self._tended_at = time.monotonic()
            claim.tend_leases(connection, now)
        allowed = self._pacing.allowance(limit)
        if not allowed:
            return []
        probes = claim.claim_probes(connection, now, self._lease_seconds) if is_time_to_tend else []
        others = max(0, allowed - len(probes))
        taken = [*probes, *claim.claim(connection, others, now, self._lease_seconds, self._pacing.resting())]
        if taken:
            self._pacing.took()
        return taken

    def _due(self, connection: Connection) -> float | None:
        due = claim.seconds_until_due(connection, self._pacing.resting())
        return None if due is None else max(due, self._pacing.seconds_left())

    async def _deliver(self, message: Outgoing) -> None:
        slot = await self._pacing.slot(message)
        if slot.answer is not Answer.GO:
            await self._database.write(put_off, message, slot, self._clock())
            self._wakeup.signal("messages")
            return
        outcome = await self._pacing.learn(message, await self._provider.deliver(message))
        _tell(message, outcome)
        # S311: a spread of pauses, nothing secret.
        has_follower = await self._database.write(settle, message, outcome, random.random(), self._clock())  # noqa: S311
        if has_follower:
            self._wakeup.signal("messages")


def _tell(message: Outgoing, outcome: Outcome) -> None:
    """A refusal that somebody must mend is an error; one of a stopped number is said once, by the breaker."""
    if isinstance(outcome, Accepted):
        return
    remedy = outcome.remedy if isinstance(outcome, Failed) else Remedy.AWAIT_RECEIPT
    level = {Remedy.MEND_REQUEST: log.error, Remedy.STOP_NUMBER: log.debug}.get(remedy, log.warning)
    level("message.not_accepted", message_id=message.id, reason=outcome.reason, remedy=remedy.value)
