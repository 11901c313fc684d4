"""Ends a plan whose notification was answered, and tells the business: nobody is reminded of what they agreed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import hooks
from notifications.plans.plan import State
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notification_decisions, notifications

ANSWERED: Final = "answered"
"""As the story of a notification tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A message of a notification, and the reply of its contract that somebody gave."""

    message_id: str
    notification_id: str
    business_id: str
    key: str
    effect: str


def end(connection: Connection, answered: Answered, now: datetime) -> None:
    """Drop the steps that are left, and what is queued. The same answer again changes nothing and is told to nobody."""
    notification_id, effect = answered.notification_id, answered.effect
    reason = f"The person answered on WhatsApp: {effect}."
    n, m = notifications.c, messages.c
    # The notification before its messages, as everybody takes them: nobody waits in a circle.
    ended = connection.scalar(
        sa.update(notifications)
        .where(n.id == notification_id, n.state == State.ACTIVE)
        .values(state=State.CANCELLED, next_at=None, lease_until=None, finished_at=now)
        .returning(n.id)
    )
    waiting = connection.scalars(
        sa.select(m.id).where(m.notification_id == notification_id, m.status == Status.QUEUED)
    ).all()
    gone = call_back(connection, waiting, reason, now)
    if ended is not None or gone or connection.scalar(_LAST_ANSWER, {"id": notification_id}) != reason:
        decided = Decision(decision=ANSWERED, reason=reason)
        decide(connection, [(notification_id, answered.business_id, decided)], now)
        told = {"key": answered.key, "effect": effect}
        hooks.announce_answer(connection, answered.message_id, told, now)


_d = notification_decisions.c
_LAST_ANSWER: Final = (
    sa.select(_d.reason)
    .where(_d.notification_id == sa.bindparam("id"), _d.decision == ANSWERED)
    .order_by(_d.id.desc())
    .limit(1)
)
