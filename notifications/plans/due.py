"""Takes plans that are due under a lease, and tells when the next one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.plan import State
from notifications.tables import NOTIFICATION_IS_ACTIVE, notifications
from storage.clock import database_now

LEASE_SECONDS: Final = 30.0
"""How long plans may be walked; a hundred take a few tenths of a second."""

MOST_FAILURES: Final = 5
"""Real ones of one plan, the deaths of workers that held it included, before it is given up."""

FIRST_PAUSE_SECONDS: Final = 2.0
"""After a failure; each pause is twice the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A plan that is ours to walk until its lease ends."""

    id: str
    attempt: int
    failures: int


def claim(connection: Connection, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[Claimed]:
    """Take up to `limit` plans that are due and that nobody is at, the longest due first.

    A lease that ran out is a worker that died, and counts as a failure: a plan that kills is given up in the end.
    """
    n = notifications.c
    due = (
        sa.select(n.id)
        .where(NOTIFICATION_IS_ACTIVE, n.next_at <= database_now(), _is_free())
        .order_by(n.next_at, n.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.scalars(due))
    if not ids:
        return []
    died = sa.case((n.lease_until.is_not(None), 1), else_=0)
    taken = connection.execute(
        sa.update(notifications)
        .where(n.id.in_(ids))
        .values(attempt=n.attempt + 1, failures=n.failures + died, lease_until=database_now(lease_seconds))
        .returning(n.id, n.attempt, n.failures)
    )
    return [Claimed(**row._asdict()) for row in taken]


def seconds_until_due(connection: Connection) -> float | None:
    """How long until a plan is due that nobody is at; None where none waits for a moment."""
    n = notifications.c
    soonest = (
        sa.select(n.next_at)
        .where(NOTIFICATION_IS_ACTIVE, n.next_at.is_not(None), _is_free())
        .order_by(n.next_at, n.id)
        .limit(1)
        .scalar_subquery()
    )
    next_at, now = connection.execute(sa.select(soonest, database_now())).one()
    return None if next_at is None else max(0.0, (next_at - now).total_seconds())


def forget_leases(connection: Connection) -> None:
    """End every lease. Only for a process that is alone on its database."""
    connection.execute(
        sa.update(notifications)
        .where(NOTIFICATION_IS_ACTIVE, notifications.c.lease_until.is_not(None))
        .values(lease_until=database_now(-1))
    )


def fail(connection: Connection, claimed: Claimed, error: str, now: datetime) -> bool:
    """Count a failure; whether the plan is given up. Another worker's plan is left as it is."""
    n = notifications.c
    failures = claimed.failures + 1
    is_over = failures >= MOST_FAILURES
    values: dict[str, Any] = {"failures": failures, "error": error, "lease_until": None}
    if is_over:
        values |= {"state": State.FAILED, "next_at": None, "finished_at": now}
    else:
        values["next_at"] = database_now(FIRST_PAUSE_SECONDS * 2 ** (failures - 1))
    ours = (n.id == claimed.id, n.attempt == claimed.attempt, n.state == State.ACTIVE)
    written = connection.scalar(sa.update(notifications).where(*ours).values(values).returning(n.id))
    return is_over and written is not None


def locked(connection: Connection, claimed: Sequence[Claimed]) -> list[Any]:
    """The rows that are still ours, held until the transaction ends."""
    n = notifications.c
    attempts = {each.id: each.attempt for each in claimed}
    rows = connection.execute(
        sa.select(notifications)
        .where(n.id.in_(sorted(attempts)), n.state == State.ACTIVE)
        .order_by(n.id)
        .with_for_update()
    ).all()
    return [row for row in rows if row.attempt == attempts[row.id]]


def business_of(connection: Connection, notification_id: str) -> str:
    """Whose plan it is."""
    n = notifications.c
    return str(connection.scalar(sa.select(n.business_id).where(n.id == notification_id)))


def _is_free() -> sa.ColumnElement[bool]:
    n = notifications.c
    return n.lease_until.is_(None) | (n.lease_until < database_now())
