"""Moves plans with what they hang on: what was done stays done, what is left follows the new time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import versions
from notifications.plans.plan import State, read_plan_key
from notifications.plans.routing import steps_of
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notifications
from notifications.workflows import Anchor, Delay, Step, Workflow, check_payload, read_anchor

CALLED_BACK: Final = "What it was about was moved before it left."


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The new time of what notifications hang on."""

    key: str | None
    """The cancellation key that they were triggered with; None for one that was triggered without."""
    anchor: Mapping[str, Any]
    """As triggers tell it: those are moved that hang on the same type and id."""
    payload: Mapping[str, Any] | None = None
    """Members that are to be told from now on."""
    workflow: str | None = None
    """Of one workflow alone."""
    subscriber_id: str | None = None
    """Of one person alone."""
    notification_id: str | None = None
    """This one alone; to be named where there is no key."""
    is_test: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A plan that hangs on it, wherever it stands now."""

    notification_id: str
    subscriber_id: str
    trigger_id: str
    is_moved: bool
    """False where it stood there already, or a later move is known."""
    called_back: int
    """Messages that had not left, and are told anew."""


def move(connection: Connection, business_id: str, timezone: str, wish: Move, now: datetime) -> list[Moved]:
    """Move what is under way. `timezone` is the business's. Wake the topics "messages" and "plans" after the commit."""
    wanted = read_anchor(wish.anchor, timezone)
    moved = []
    for row in _rows(connection, business_id, wish):
        known = read_anchor(row.anchor, timezone)
        if (known.type, known.id) == (wanted.type, wanted.id):
            moved.append(_move(connection, row, known, wanted, wish, now))
    return moved


def _rows(connection: Connection, business_id: str, wish: Move) -> Sequence[Any]:
    """Held until the transaction ends; whoever walks one has lost it."""
    n = notifications.c
    where = [n.business_id == business_id, n.cancellation_key == wish.key, n.state == State.ACTIVE]
    for column, value in (
        (n.workflow, wish.workflow),
        (n.subscriber_id, wish.subscriber_id),
        (n.id, wish.notification_id),
        (n.is_test, wish.is_test),
    ):
        if value is not None:
            where.append(column == value)
    found = connection.execute(sa.select(notifications).where(*where).order_by(n.id).with_for_update()).all()
    return [row for row in found if row.anchor]


def _move(connection: Connection, row: Any, known: Anchor, wanted: Anchor, wish: Move, now: datetime) -> Moved:
    workflow = versions.kept(connection, row.version_id)
    payload = _payload(workflow, row.payload, wish.payload)
    is_late = wanted.revision < known.revision
    if is_late or (wanted == known and payload == row.payload):
        if is_late:
            reason = (
                f"A move to {_said(wanted)} came late: its revision {wanted.revision} is older than {known.revision}."
            )
            decide(connection, [(row.id, row.business_id, Decision(decision="stays", reason=reason))], now)
        return _moved(row, 0, is_moved=False)
    queued = _queued(connection, row.id)
    place = _where_to_go_on(steps_of(workflow, row.routing), row, queued)
    gone = call_back(connection, [each.id for each in queued], CALLED_BACK, now)
    if gone:
        # Their places in the plan are free again.
        connection.execute(sa.update(messages).where(messages.c.id.in_(gone)).values(plan_key=None))
    values: dict[str, Any] = {"anchor": {**row.anchor, **wish.anchor}, "payload": payload}
    if row.expires_at is not None:
        values["expires_at"] = max(row.expires_at, row.expires_at + (wanted.starts_at - known.starts_at))
    if place is not None:
        digest = row.progress.get("digest")
        progress = {} if digest is None else {"digest": digest}
        values |= {"position": place, "progress": progress, "next_at": now}
    # Whoever walks it meanwhile finds that it is not theirs any more.
    values |= {"attempt": row.attempt + 1, "lease_until": None}
    connection.execute(sa.update(notifications).where(notifications.c.id == row.id).values(values))
    reason = f"From {_said(known)} to {_said(wanted)}; what was done stays done."
    if wanted.starts_at == known.starts_at:
        reason = f"It stays at {_said(wanted)}, and is told anew; what was done stays done."
    decide(connection, [(row.id, row.business_id, Decision(decision="moved", reason=reason))], now)
    return _moved(row, len(gone), is_moved=True)


def _payload(workflow: Workflow, known: Mapping[str, Any], told: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """With what is told anew, where the workflow that it began with can use it."""
    payload = {**known, **(told or {})}
    return known if check_payload(workflow, payload) else payload


def _queued(connection: Connection, notification_id: str) -> list[Any]:
    m = messages.c
    return list(
        connection.execute(
            sa.select(m.id, m.plan_key)
            .where(m.notification_id == notification_id, m.status == Status.QUEUED, m.plan_key.is_not(None))
            .order_by(m.id)
            .with_for_update()
        )
    )


def _where_to_go_on(steps: Sequence[Step], row: Any, queued: Sequence[Any]) -> int | None:
    """The step to begin anew with: the delay that is waited for, or the one before what has not left; None for none.

    What quiet hours hold back has not left.
    """
    is_resting = "quiet" in row.progress and "rung" not in row.progress
    if queued or is_resting:
        first = min([read_plan_key(each.plan_key)[0] for each in queued], default=int(row.position))
        before = [index for index in range(min(first, len(steps))) if isinstance(steps[index], Delay)]
        last = before[-1] if before else None
        return last if last is not None and _is_at_a_moment(steps[last]) else first
    if row.position < len(steps) and _is_at_a_moment(steps[row.position]):
        return int(row.position)
    return None


def _is_at_a_moment(step: Step) -> bool:
    return isinstance(step, Delay) and step.is_for_a_moment


def _moved(row: Any, called_back: int, *, is_moved: bool) -> Moved:
    return Moved(
        notification_id=row.id,
        subscriber_id=row.subscriber_id,
        trigger_id=row.trigger_id,
        is_moved=is_moved,
        called_back=called_back,
    )


def _said(anchor: Anchor) -> str:
    return f"{anchor.starts_at:%Y-%m-%d %H:%M} ({anchor.starts_at.tzinfo})"
