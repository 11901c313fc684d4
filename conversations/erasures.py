"""Wishes to be forgotten, as rows: asked for once, done when nothing of the person is on its way any more.

The turn in which somebody confirms it is still to be answered, and the bot still writes its events: so the wish is kept
first, and done afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import erasures
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import businesses
from storage.types import new_id

LEASE_SECONDS = 120.0
"""How long a wish stays a worker's: longer than the bot may take to forget."""

IS_OPEN = cast("sa.ColumnElement[bool]", sa.text("erasures.done_at IS NULL"))
"""The condition of ix_erasures_open, as the index words it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One that is ours to fulfil."""

    id: str
    subscriber_id: str
    asked_at: datetime
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One line of the record."""

    id: str
    business: str
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    failures: int
    problem: str | None


def ask(
    connection: Connection, *, business_id: str, subscriber_id: str, asked_by: str, wish_id: str, now: datetime
) -> None:
    """Keep the wish, once. Wake the topic "erasures" after the commit."""
    row = {
        "id": new_id(),
        "business_id": business_id,
        "subscriber_id": subscriber_id,
        "asked_by": asked_by,
        "wish_id": wish_id,
        "asked_at": now,
        "run_at": now,
    }
    insert_new(connection, erasures, row, erasures.c.id)


def claim(connection: Connection, limit: int) -> list[Wish]:
    """Take up to `limit` wishes that are due and that nobody is at."""
    e = erasures.c
    due = (
        sa.select(e.id)
        .where(IS_OPEN, e.run_at <= database_now(), e.lease_until.is_(None) | (e.lease_until < database_now()))
        .order_by(e.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.scalars(due))
    if not ids:
        return []
    connection.execute(sa.update(erasures).where(e.id.in_(ids)).values(lease_until=database_now(LEASE_SECONDS)))
    rows = connection.execute(sa.select(e.id, e.subscriber_id, e.asked_at, e.failures).where(e.id.in_(ids)))
    return [Wish(**row._asdict()) for row in rows]


def seconds_until_due(connection: Connection) -> float | None:
    """How long until the next wish is due; None where none is open."""
    e = erasures.c
    wanted = sa.case((e.lease_until.is_(None) | (e.lease_until < e.run_at), e.run_at), else_=e.lease_until)
    row = connection.execute(sa.select(sa.func.min(wanted, type_=e.run_at.type), database_now()).where(IS_OPEN)).one()
    return None if row[0] is None else max(0.0, (row[0] - row[1]).total_seconds())


def postpone(connection: Connection, wish: Wish, seconds: float, problem: str | None) -> None:
    """Not now; with a problem, that counts."""
    e = erasures.c
    connection.execute(
        sa.update(erasures)
        .where(e.id == wish.id)
        .values(
            run_at=database_now(seconds),
            lease_until=None,
            problem=problem,
            failures=e.failures + (0 if problem is None else 1),
        )
    )


def done(connection: Connection, wish: Wish, removed: dict[str, int], problem: str | None, now: datetime) -> None:
    """It is done; `problem` says what could not be reached."""
    connection.execute(
        sa.update(erasures)
        .where(erasures.c.id == wish.id)
        .values(done_at=now, lease_until=None, problem=problem, removed=removed)
    )


def forget_leases(connection: Connection) -> None:
    """End every lease. Only for a process that knows it is the only one on this database."""
    connection.execute(sa.update(erasures).where(IS_OPEN).values(lease_until=None))


def listed(connection: Connection, limit: int) -> list[Erasure]:
    """The newest wishes."""
    columns: list[Any] = [erasures.c[name] for name in Erasure.__dataclass_fields__ if name != "business"]
    rows = connection.execute(
        sa.select(*columns, businesses.c.slug.label("business"))
        .join(businesses, businesses.c.id == erasures.c.business_id)
        .order_by(erasures.c.id.desc())
        .limit(limit)
    )
    return [Erasure(**row._asdict()) for row in rows]
