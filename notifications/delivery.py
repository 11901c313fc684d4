"""The worker of messages: claims what may go, lets the provider deliver it, settles the outcome."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Final

import structlog
from prometheus_client import Histogram
from sqlalchemy.engine import Connection

from channels.failures import Remedy
from notifications import claim, leases
from notifications.lanes import Lane, Slots
from notifications.outages import Outages, Told
from notifications.outgoing import Outgoing
from notifications.pacing import Pacing
from notifications.providers.base import Accepted, Deliverer, Failed, Outcome
from notifications.rates import Answer, LocalRates, Rates, Slot
from notifications.settling import Ended, settle
from storage.database import Database, StorageError
from storage.grouping import Grouped
from storage.wakeup import Wakeup
from storage.work import GATHER_SECONDS, WorkLoop
from telemetry.metrics import SEND_SECONDS, SEND_WAIT_SECONDS
from telemetry.tracing import tracing

TEND_SECONDS: Final = 0.2
"""How often, at most, leases that ran out and stopped numbers are looked for: they are rare, and claims are not."""

SETTLED_TOGETHER: Final = 256
"""The most messages that one transaction settles. Our choice."""

SETTLE_GATHER_SECONDS: Final = 0.01
"""How long ended sends wait for others, while more is due than there are slots: a transaction costs as much as settling
twenty of them. Our choice."""

SETTLE_AGAIN_SECONDS: Final = 0.5
"""Between two tries to write what became of a send, while the database is away."""

UNSETTLED: Final = 2
"""For each slot, so many sends may be over and not yet written: a slot is free as soon as the provider has answered."""

log = structlog.get_logger()


class DeliveryRunner:
    """Sends queued messages until stopped."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        provider: Deliverer,
        clock: Callable[[], datetime],
        concurrency: int,
        rates: Rates | None = None,
        outages: Outages | None = None,
        rehearsal: Deliverer | None = None,
        lease_seconds: float = claim.LEASE_SECONDS,
        settled: Callable[[Sequence[Ended]], None] = lambda ended: None,
    ) -> None:
        """Without `rates`, they are counted for this worker alone. `outages` are the provider's too.

        `rehearsal` delivers what was made with a test key; without one, the provider sends that too. `settled` is told
        what came of sends, once it is written.
        """
        self._database = database
        self._wakeup = wakeup
        self._provider = provider
        self._clock = clock
        self._rates = rates or LocalRates(time.monotonic)
        self._outages = outages or Outages(time.monotonic)
        self._pacing = Pacing(self._rates, time.monotonic, self._outages)
        self._slots = Slots(concurrency)
        self._rehearsal = rehearsal or provider
        self._lease_seconds = lease_seconds
        self._settled = settled
        self._tended_at = 0.0
        self._told: Told = ()
        self._settling = Grouped(self._settle, limit=SETTLED_TOGETHER, gather=self._gather_seconds)
        self._unsettled: set[asyncio.Future[None]] = set()
        self._most_unsettled = concurrency * UNSETTLED
        self._loop = WorkLoop(
            topic="messages",
            database=database,
            wakeup=wakeup,
            concurrency=concurrency,
            claim=self._claim,
            due=self._due,
            taken=self._taken,
            run=self._deliver,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the sends under way."""
        try:
            await self._loop.run()
        finally:
            while self._unsettled:
                await asyncio.wait(self._unsettled)
            await self._rates.aclose()

    def stop(self) -> None:
        """Take no new message."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Outgoing]:
        now = self._clock()
        taken: list[Outgoing] = []
        self._told = ()
        if time.monotonic() - self._tended_at > TEND_SECONDS:
            self._tended_at = time.monotonic()
            leases.tend_leases(connection, now)
            self._told = self._outages.share(connection)
            taken += claim.claim_probes(connection, now, self._lease_seconds)
        for channel in self._pacing.trials():
            taken += claim.claim_one(connection, channel, now, self._lease_seconds)
        free = max(0, min(limit, self._most_unsettled - len(self._unsettled)) - len(taken))
        return [*taken, *claim.claim(connection, free, now, self._lease_seconds, self._pacing.shut(), self._slots)]

    def _due(self, connection: Connection) -> float | None:
        return claim.seconds_until_due(connection, self._pacing.shut(bulk=not self._slots.room(Lane.BULK)))

    def _taken(self, messages: Sequence[Outgoing]) -> None:
        self._outages.committed(self._told)
        trials = set(self._pacing.trials())
        for message in messages:
            self._slots.begin(message.lane)
            if message.channel in trials:
                self._pacing.trying(message.channel)

    async def _deliver(self, message: Outgoing) -> None:
        try:
            slot = await self._pacing.slot(message)
            outcome = slot if slot.answer is not Answer.GO else await self._ask(message)
        finally:
            self._free_slot(message.lane)
        # S311: a spread of pauses, nothing secret.
        self._keep(Ended(message=message, outcome=outcome, jitter=random.random()), time.monotonic())  # noqa: S311

    def _free_slot(self, lane: str) -> None:
        """Where bulk held all that it may, its next claim waits for more to be free, but not for long."""
        was_shut = not self._slots.room(Lane.BULK)
        self._slots.end(lane)
        if was_shut and self._slots.room(Lane.BULK):
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._wakeup.nudge, "messages")

    async def _ask(self, message: Outgoing) -> Outcome:
        provider = self._rehearsal if message.is_test else self._provider
        if message.due_at is not None:
            waited = (self._clock() - message.due_at).total_seconds()
            _series(SEND_WAIT_SECONDS, message.lane).observe(max(0.0, waited))
        began = time.perf_counter()
        with tracing.span("send", message.notification_id or message.id):
            answered = await provider.deliver(message)
        took = time.perf_counter() - began
        _series(SEND_SECONDS, message.channel, message.provider or message.channel, _kind(answered)).observe(took)
        outcome = await self._pacing.learn(message, answered)
        _tell(message, outcome)
        return outcome

    def _keep(self, ended: Ended, since: float) -> None:
        """What was sent is known to nobody else: while the database is away, it is tried until the lease is over."""
        kept = self._settling.submit(ended)
        self._unsettled.add(kept)

        def done(kept: asyncio.Future[None]) -> None:
            self._unsettled.discard(kept)
            error = kept.exception()
            if isinstance(error, StorageError) and time.monotonic() < since + self._lease_seconds:
                again = asyncio.ensure_future(self._keep_later(ended, since))
                self._unsettled.add(again)
                again.add_done_callback(self._unsettled.discard)
            elif error is not None:
                log.error("message.not_settled", message_id=ended.message.id, problem=type(error).__name__)

        kept.add_done_callback(done)

    async def _keep_later(self, ended: Ended, since: float) -> None:
        await asyncio.sleep(SETTLE_AGAIN_SECONDS)
        self._keep(ended, since)

    def _gather_seconds(self) -> float:
        """While there is much to send, sends that end one after the other are settled together."""
        return SETTLE_GATHER_SECONDS if self._loop.is_backlogged else 0.0

    async def _settle(self, ended: Sequence[Ended]) -> Sequence[None]:
        has_follower = await self._database.write(settle, ended, self._clock())
        self._settled(ended)
        is_full = len(self._unsettled) >= self._most_unsettled
        if has_follower or is_full or any(isinstance(each.outcome, Slot) for each in ended):
            self._wakeup.nudge("messages")
        return [None] * len(ended)


@cache
def _series(metric: Histogram, *labels: str) -> Histogram:
    """A metric's numbers under these labels, of which there are few: finding them takes longer than counting."""
    found: Histogram = metric.labels(*labels)
    return found


def _kind(outcome: Outcome) -> str:
    return type(outcome).__name__.lower()


def _tell(message: Outgoing, outcome: Outcome) -> None:
    """A refusal that somebody must mend is an error; one of a stopped number is said once, by the breaker."""
    if isinstance(outcome, Accepted):
        return
    remedy = outcome.remedy if isinstance(outcome, Failed) else Remedy.AWAIT_RECEIPT
    levels = {Remedy.MEND_REQUEST: log.error, Remedy.STOP_NUMBER: log.debug, Remedy.STOP_PROVIDER: log.debug}
    level = levels.get(remedy, log.warning)
    level("message.not_accepted", message_id=message.id, reason=outcome.reason, remedy=remedy.value)
