"""Takes back what was triggered: what has not left by the time this is committed never leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import digests
from notifications.plans.news import heard
from notifications.plans.plan import State
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notifications

TAKEN_BACK: Final = "Taken back by whoever triggered it."
ONE_TAKEN_BACK: Final = "This message was taken back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What a cancellation did, and what it came too late for."""

    notifications: int
    """Plans that were ended."""
    messages: int
    """That were still in the queue."""
    too_late: int
    """Messages that a worker is handing over, or that have left."""


NOTHING: Final = Cancelled(notifications=0, messages=0, too_late=0)


def cancel_by_key(
    connection: Connection,
    business_id: str,
    key: str,
    now: datetime,
    *,
    subscriber_id: str | None = None,
    is_test: bool | None = None,
) -> Cancelled:
    """Take back everything of a business that was triggered with this key.

    For one person alone where one is named; only tests, or only what is meant, where `is_test` says which.
    """
    n = notifications.c
    where = [n.business_id == business_id, n.cancellation_key == key]
    if subscriber_id is not None:
        where.append(n.subscriber_id == subscriber_id)
    if is_test is not None:
        where.append(n.is_test == is_test)
    return cancel(connection, where, TAKEN_BACK, now)


def cancel(connection: Connection, where: Sequence[sa.ColumnElement[bool]], reason: str, now: datetime) -> Cancelled:
    """Take back the notifications that fulfil the conditions, with the reason that people will read."""
    n = notifications.c
    # Notifications before buckets and messages, as everybody takes them: nobody waits in a circle.
    found: list[Any] = list(
        connection.execute(sa.select(n.id, n.business_id, n.state).where(*where).order_by(n.id).with_for_update())
    )
    if not found:
        return NOTHING
    merged = digests.withdraw(connection, [row.id for row in found if row.state == State.MERGED])
    ended = [row for row in found if row.state == State.ACTIVE or row.id in merged]
    values = {"state": State.CANCELLED, "next_at": None, "lease_until": None, "finished_at": now}
    connection.execute(sa.update(notifications).where(n.id.in_([row.id for row in ended])).values(values))
    digests.pass_on(connection, [row.id for row in ended], now)
    decision = Decision(decision="cancelled", reason=reason)
    decide(connection, [(row.id, row.business_id, decision) for row in ended], now)
    return _messages(connection, [row.id for row in found], len(ended), reason, now)


def cancel_message(connection: Connection, business_id: str, message_id: str, now: datetime) -> Status | None:
    """Take one message back: its status afterwards, `cancelled` where it was in time; None where there is none."""
    m = messages.c
    ours = sa.select(m.status).where(m.business_id == business_id, m.id == message_id)
    if connection.scalar(ours) is None:
        return None
    call_back(connection, [message_id], ONE_TAKEN_BACK, now)
    heard(connection, [message_id], now)
    return Status(str(connection.scalar(ours)))


def _messages(connection: Connection, ids: Sequence[str], ended: int, reason: str, now: datetime) -> Cancelled:
    m = messages.c
    rows: list[Any] = list(
        connection.execute(sa.select(m.id, m.status).where(m.notification_id.in_(ids)).order_by(m.id))
    )
    gone = call_back(connection, [row.id for row in rows if row.status == Status.QUEUED], reason, now)
    never_left = (Status.CANCELLED, Status.SKIPPED, Status.EXPIRED)
    too_late = sum(row.status not in never_left and row.id not in gone for row in rows)
    return Cancelled(notifications=ended, messages=len(gone), too_late=too_late)
