"""The worker of messages: claims what may go, lets the provider deliver it, settles the outcome."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from notifications import claim, retry
from notifications.claim import Outgoing
from notifications.explain import keep_decision
from notifications.providers.base import Accepted, Failed, Outcome, Provider, Uncertain
from notifications.status import Status, below
from notifications.tables import IS_QUEUED, messages
from storage.clock import database_now
from storage.database import Database
from storage.wakeup import Wakeup
from storage.work import WorkLoop

TEND_SECONDS = 0.2
"""How often, at most, leases that ran out are looked for: they are rare, and claims are not."""

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
        lease_seconds: float = claim.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._wakeup = wakeup
        self._provider = provider
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._tended_at = 0.0
        self._loop = WorkLoop(
            topic="messages",
            database=database,
            wakeup=wakeup,
            concurrency=concurrency,
            claim=self._claim,
            due=claim.seconds_until_due,
            run=self._deliver,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the sends under way."""
        await self._loop.run()

    def stop(self) -> None:
        """Take no new message."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Outgoing]:
        if time.monotonic() - self._tended_at > TEND_SECONDS:
            self._tended_at = time.monotonic()
            claim.tend_leases(connection, self._clock())
        return claim.claim(connection, limit, self._clock(), self._lease_seconds)

    async def _deliver(self, message: Outgoing) -> None:
        outcome = await self._provider.deliver(message)
        if not isinstance(outcome, Accepted):
            log.warning("message.not_accepted", message_id=message.id, reason=outcome.reason)
        # S311: a spread of pauses, nothing secret.
        has_follower = await self._database.write(settle, message, outcome, random.random(), self._clock())  # noqa: S311
        if has_follower:
            self._wakeup.signal("messages")


def settle(connection: Connection, message: Outgoing, outcome: Outcome, jitter: float, now: datetime) -> bool:
    """Write what became of a send, unless a receipt or another worker already knows better.

    Even then WhatsApp's id is kept: a send that was settled late still happened, and its receipts carry it.
    Returns whether another message waits for this one.
    """
    values = _settled(message, outcome, jitter, now)
    settled = connection.scalar(
        sa.update(messages)
        .where(
            messages.c.id == message.id,
            messages.c.status == Status.SENDING,
            messages.c.attempt == message.attempt,
        )
        .values({"lease_until": None, **values})
        .returning(messages.c.id)
    )
    if isinstance(outcome, Accepted):
        if settled is None:
            _keep_late_id(connection, message, outcome)
    elif settled is not None:
        keep_decision(connection, message.id, message.business_id, values["status"], outcome.reason, now)
    return bool(connection.scalar(sa.select(sa.exists().where(messages.c.after_id == message.id, IS_QUEUED))))


def _keep_late_id(connection: Connection, message: Outgoing, accepted: Accepted) -> None:
    """The worker outlived its lease, and the send happened: from now on it is known, and goes no second time."""
    late = sa.update(messages).where(messages.c.id == message.id, messages.c.provider_message_id.is_(None))
    connection.execute(late.values(provider_message_id=accepted.provider_message_id))
    connection.execute(
        sa.update(messages)
        .where(messages.c.id == message.id, messages.c.status.in_(below(Status.SENT)))
        .values(status=Status.SENT, lease_until=None, error=None)
    )


def _settled(message: Outgoing, outcome: Outcome, jitter: float, now: datetime) -> dict[str, Any]:
    match outcome:
        case Accepted():
            accepted = {"provider_message_id": outcome.provider_message_id, "error": None, "error_code": None}
            return {"status": Status.SENT, "settled_at": now, **accepted}
        case Uncertain(reason=reason):
            return {
                "status": Status.UNKNOWN,
                "settled_at": now,
                "error": reason,
                "lease_until": database_now(retry.UNKNOWN_SECONDS),
            }
        case Failed(counts=counts) as failed:
            failures = message.failures + (1 if counts else 0)
            problem = {"error": failed.reason, "error_code": failed.code, "failures": failures}
            if not failed.retryable or failures >= retry.MAX_FAILURES:
                return {"status": Status.FAILED, "settled_at": now, **problem}
            tries = failures if counts else message.attempt
            pause = retry.pause_seconds(tries, jitter, failed.retry_after_seconds)
            return {"status": Status.QUEUED, "run_at": database_now(pause), **problem}
