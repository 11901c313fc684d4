"""How much waits in the database, and how long: read when somebody asks, never counted beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.projection import Lag, lag
from conversations.tables import HANDOFF_IS_OPEN, TURN_IS_OPEN, TURN_IS_PARKED, handoffs, turns
from figures import keeping
from notifications.outages import Known, known
from notifications.tables import (
    IS_DEAD,
    IS_IN_FLIGHT,
    IS_QUEUED,
    NOTIFICATION_IS_ACTIVE,
    messages,
    notifications,
    number_stops,
)
from storage.clock import database_now


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, and for how long the first of them should have been taken already."""

    count: int
    age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Depths:
    """What waits now."""

    queued: Mapping[str, Queue]
    """Messages that are due, by lane."""
    in_flight: Mapping[str, int]
    """Messages on their way, by status."""
    dead: Mapping[str, int]
    """Messages that failed for good and that nobody looked after, by channel."""
    plans: Queue
    turns: Queue
    turns_parked: int
    review: Lag
    """Turns that ended and are not in the desk's lists yet."""
    figures: keeping.Behind
    """Hours of the desk's overview that are to be counted."""
    handoffs_waiting: int
    stops: int
    """Numbers from which nothing, or no marketing, is sent now."""
    outages: Sequence[Known]
    """Providers and channels that are left alone, the longest first."""


def read(connection: Connection) -> Depths:
    """Count everything that waits."""
    now = connection.scalar(sa.select(database_now()))
    m, n, t = messages.c, notifications.c, turns.c
    due = sa.select(m.lane, sa.func.count(), sa.func.min(m.run_at, type_=m.run_at.type)).group_by(m.lane)
    flying = sa.select(m.status, sa.func.count()).where(IS_IN_FLIGHT).group_by(m.status)
    dead = sa.select(m.channel, sa.func.count()).where(IS_DEAD).group_by(m.channel)
    plans = sa.select(sa.func.count(), sa.func.min(n.next_at, type_=n.next_at.type))
    waiting = sa.select(sa.func.count(), sa.func.min(t.received_at, type_=t.received_at.type))
    return Depths(
        queued={
            lane: Queue(count, _age(now, oldest))
            for lane, count, oldest in connection.execute(due.where(IS_QUEUED, m.run_at <= database_now()))
        },
        in_flight={status: count for status, count in connection.execute(flying)},
        dead={channel: count for channel, count in connection.execute(dead)},
        plans=_queue(connection, plans.where(NOTIFICATION_IS_ACTIVE, n.next_at <= database_now()), now),
        turns=_queue(connection, waiting.where(TURN_IS_OPEN), now),
        turns_parked=_count(connection, TURN_IS_PARKED, turns),
        review=lag(connection),
        figures=keeping.behind(connection),
        handoffs_waiting=_count(connection, sa.and_(HANDOFF_IS_OPEN, handoffs.c.state == "waiting"), handoffs),
        stops=_count(connection, sa.true(), number_stops),
        outages=known(connection),
    )


def _queue(connection: Connection, counting: sa.Select[int, Any], now: Any) -> Queue:
    count, oldest = connection.execute(counting).one()
    return Queue(count, _age(now, oldest))


def _age(now: Any, oldest: Any) -> float:
    return 0.0 if oldest is None else float((now - oldest).total_seconds())


def _count(
    connection: Connection, condition: sa.ColumnElement[bool] | sa.TextClause, table: sa.Table | None = None
) -> int:
    counting = sa.select(sa.func.count()).where(condition)
    return int(connection.scalar(counting if table is None else counting.select_from(table)) or 0)
