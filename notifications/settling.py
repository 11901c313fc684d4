"""Writes what became of a send: the message's new status, and what that changes for others."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.error_codes import Remedy
from notifications import breaker, recipients, remedies, retry
from notifications.claim import Outgoing
from notifications.explain import keep_decision
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.rates import Answer, Slot
from notifications.remedies import Failure
from notifications.status import Status, below
from notifications.tables import IS_QUEUED, message_decisions, messages
from storage.clock import database_now

WAITS = "waits"
"""The decision that a message's turn comes later, kept once however often it is put off."""


def settle(connection: Connection, message: Outgoing, outcome: Outcome, jitter: float, now: datetime) -> bool:
    """Write what became of a send, unless a receipt or another worker already knows better.

    Even then WhatsApp's id is kept: a send that was settled late still happened, and its receipts carry it.
    Returns whether another message waits for this one.
    """
    values = _settled(message, outcome, jitter, now)
    is_ours = _write(connection, message, {"lease_until": None, **values})
    match outcome:
        case Accepted():
            if not is_ours:
                _keep_late_id(connection, message, outcome)
            for note in outcome.notes:
                keep_decision(connection, message.id, message.business_id, "changed", note, now)
            recipients.learn(connection, message, outcome)
            if message.is_probe:
                breaker.passed(connection, message.phone_number_id, message.category)
        case Failed():
            # What WhatsApp said of the number or the person is true, whoever settles the message.
            remedies.apply(connection, _failure(message, outcome), now)
    if is_ours and not isinstance(outcome, Accepted):
        keep_decision(connection, message.id, message.business_id, values["status"], outcome.reason, now)
    return bool(connection.scalar(sa.select(sa.exists().where(messages.c.after_id == message.id, IS_QUEUED))))


def put_off(connection: Connection, message: Outgoing, slot: Slot, now: datetime) -> None:
    """The rates let it go later: it waits in the queue, untried, behind nothing and with nothing counted."""
    run_at = database_now(slot.seconds)
    planned = run_at if slot.answer is Answer.PLANNED else None
    waiting = {"status": Status.QUEUED, "lease_until": None, "run_at": run_at, "slot_at": planned}
    said = sa.exists().where(message_decisions.c.message_id == message.id, message_decisions.c.decision == WAITS)
    if _write(connection, message, waiting) and not connection.scalar(sa.select(said)):
        reason = (
            "This person was written to often; the next message to them waits its turn."
            if slot.answer is Answer.PERSON_FULL
            else "The number sends as fast as it may; this message waits its turn."
        )
        keep_decision(connection, message.id, message.business_id, WAITS, reason, now)


def _write(connection: Connection, message: Outgoing, values: dict[str, Any]) -> bool:
    """Whether the message was still ours to settle."""
    m = messages.c
    is_ours = (m.id == message.id, m.status == Status.SENDING, m.attempt == message.attempt)
    return connection.scalar(sa.update(messages).where(*is_ours).values(values).returning(m.id)) is not None


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
        case Failed():
            following = retry.after(
                outcome.remedy,
                failures=message.failures,
                attempt=message.attempt,
                jitter=jitter,
                retry_after_seconds=outcome.retry_after_seconds,
            )
            values = {"error": outcome.reason, "error_code": outcome.code, **values_of(following, now)}
            if outcome.remedy is Remedy.SLOW_PERSON:
                # Holding the person has given it the first slot after the hold.
                values["slot_at"] = values["run_at"]
            return values


def values_of(following: retry.Next, now: datetime) -> dict[str, Any]:
    """The columns of a message that failed: it waits for its next try, or it is over."""
    when: dict[str, Any] = {"settled_at": now}
    if following.status is Status.QUEUED:
        when = {"run_at": database_now(following.pause_seconds), "slot_at": None}
    return {"status": following.status, "failures": following.failures, **when}


def _failure(message: Outgoing, failed: Failed) -> Failure:
    return Failure(
        business_id=message.business_id,
        phone_number_id=message.phone_number_id,
        conversation_id=message.conversation_id,
        subscriber_id=message.subscriber_id,
        payload=message.payload,
        code=failed.code,
        reason=failed.reason,
        remedy=failed.remedy,
    )
