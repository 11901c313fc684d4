"""Ends a plan whose notification was answered: nobody is reminded of what they have said yes to."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.plan import State
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notifications


def end(connection: Connection, notification_id: str, business_id: str, effect: str, now: datetime) -> None:
    """Drop the steps that are left, and what is queued, for an answer that does `effect`. Again changes nothing."""
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
    if ended is not None or gone:
        decide(connection, [(notification_id, business_id, Decision(decision="answered", reason=reason))], now)
