"""Tells plans what became of their messages, in the transaction that writes it: reports, refusals, failures.

A plan that waits is woken, and its runner decides. One thing cannot wait for a runner: what a ladder queued on a later
rung, when word comes that an earlier one arrived after all. It is called back here, before anybody can claim it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import ladder, versions
from notifications.plans.plan import State, read_plan_key
from notifications.plans.routing import BadRouting, steps_of
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notifications
from notifications.workflows import Ladder, WorkflowError
from storage.among import among
from storage.clock import database_now

ARRIVED_AFTER_ALL: Final = "What was tried before arrived after all."


def heard(connection: Connection, message_ids: Sequence[str], now: datetime) -> bool:
    """Their status has just been written; whether plans are to be woken (topic "plans") after the commit.

    For what was delivered, read, failed, skipped or expired; nobody waits for less.
    """
    if not message_ids:
        return False
    rows = connection.execute(_CONCERNED, {"ids": list(message_ids)}).all()
    _spare(connection, [row for row in rows if row.has_waiting and row.status in _GOOD], now)
    active = [row.notification_id for row in rows if row.state == State.ACTIVE]
    if not active:
        return False
    n = notifications.c
    # Who holds a plan's row is walking it, or ending it: the one will look at this message next, the other never.
    free = sa.select(n.id).where(n.id.in_(active), n.state == State.ACTIVE).with_for_update(skip_locked=True)
    connection.execute(sa.update(notifications).where(n.id.in_(free)).values(next_at=database_now()))
    return True


def _spare(connection: Connection, rows: Sequence[Any], now: datetime) -> None:
    """Call back later rungs that have not left."""
    for row in rows:
        position, rung, part = read_plan_key(row.plan_key)
        step = _ladder(connection, row, position)
        if step is None or part != 0 or not ladder.succeeded(Status(row.status), step.rungs[rung].success):
            continue
        gone = call_back(
            connection, _later_rungs(connection, row.notification_id, position, rung), ARRIVED_AFTER_ALL, now
        )
        if gone:
            channels = step.rungs[rung].channel
            decision = Decision(decision="arrived", reason=f"It was {row.status} by {channels} after all.")
            decide(connection, [(row.notification_id, row.business_id, decision)], now)


def _ladder(connection: Connection, row: Any, position: int) -> Ladder | None:
    try:
        workflow = versions.kept(connection, row.version_id)
        step = steps_of(workflow, row.routing)[position]
    except (WorkflowError, BadRouting, IndexError):
        return None
    return step if isinstance(step, Ladder) else None


def _later_rungs(connection: Connection, notification_id: str, position: int, rung: int) -> list[str]:
    m = messages.c
    queued = connection.execute(
        sa.select(m.id, m.plan_key).where(m.notification_id == notification_id, m.status == Status.QUEUED)
    )
    keys = [(row.id, read_plan_key(row.plan_key)) for row in queued if row.plan_key is not None]
    return [message_id for message_id, key in keys if key[0] == position and key[1] > rung]


_GOOD: Final = frozenset({Status.DELIVERED, Status.READ})

_other = messages.alias("other")
_HAS_WAITING = sa.exists().where(
    _other.c.notification_id == messages.c.notification_id, _other.c.status == sa.literal_column("'queued'")
)

# Most messages are of a plan that has ended, with nothing else waiting: this is all that they cost.
_CONCERNED = (
    sa.select(
        messages.c.notification_id,
        messages.c.business_id,
        messages.c.plan_key,
        messages.c.status,
        notifications.c.state,
        notifications.c.version_id,
        notifications.c.routing,
        _HAS_WAITING.label("has_waiting"),
    )
    .join(notifications, notifications.c.id == messages.c.notification_id)
    .where(
        among(messages.c.id, "ids"),
        messages.c.plan_key.is_not(None),
        (notifications.c.state == State.ACTIVE) | _HAS_WAITING,
    )
    .order_by(messages.c.id)
)
