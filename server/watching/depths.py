"""How much waits in the database, and how long: read when somebody asks, never counted beside."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import TURN_IS_OPEN, handoffs, turns
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
from telemetry import metrics


def tell(connection: Connection) -> None:
    """Set every gauge to what is so now."""
    now = connection.scalar(sa.select(database_now()))
    _messages(connection, now)
    _plans(connection, now)
    _turns(connection, now)
    metrics.HANDOFFS_WAITING.set(_count(connection, handoffs.c.state == "waiting"))
    metrics.STOPS.set(_count(connection, sa.true(), number_stops))


def _messages(connection: Connection, now: Any) -> None:
    m = messages.c
    due = sa.select(m.lane, sa.func.count(), sa.func.min(m.run_at, type_=m.run_at.type)).group_by(m.lane)
    for gauge in (metrics.QUEUED, metrics.QUEUE_AGE_SECONDS, metrics.IN_FLIGHT, metrics.DEAD_LETTERS):
        gauge.clear()
    for lane, count, oldest in connection.execute(due.where(IS_QUEUED, m.run_at <= database_now())):
        metrics.QUEUED.labels(lane).set(count)
        metrics.QUEUE_AGE_SECONDS.labels(lane).set((now - oldest).total_seconds())
    flying = sa.select(m.status, sa.func.count()).where(IS_IN_FLIGHT).group_by(m.status)
    for status, count in connection.execute(flying):
        metrics.IN_FLIGHT.labels(status).set(count)
    dead = sa.select(m.channel, sa.func.count()).where(IS_DEAD).group_by(m.channel)
    for channel, count in connection.execute(dead):
        metrics.DEAD_LETTERS.labels(channel).set(count)


def _plans(connection: Connection, now: Any) -> None:
    n = notifications.c
    due = sa.select(sa.func.count(), sa.func.min(n.next_at, type_=n.next_at.type))
    count, oldest = connection.execute(due.where(NOTIFICATION_IS_ACTIVE, n.next_at <= database_now())).one()
    metrics.PLANS_DUE.set(count)
    metrics.PLANS_AGE_SECONDS.set(_age(now, oldest))


def _turns(connection: Connection, now: Any) -> None:
    t = turns.c
    waiting = sa.select(sa.func.count(), sa.func.min(t.received_at, type_=t.received_at.type))
    count, oldest = connection.execute(waiting.where(TURN_IS_OPEN)).one()
    metrics.TURNS_WAITING.set(count)
    metrics.TURNS_AGE_SECONDS.set(_age(now, oldest))
    metrics.TURNS_PARKED.set(_count(connection, t.status == "parked"))


def _age(now: Any, oldest: Any) -> float:
    return 0.0 if oldest is None else float((now - oldest).total_seconds())


def _count(connection: Connection, condition: sa.ColumnElement[bool], table: sa.Table | None = None) -> int:
    counting = sa.select(sa.func.count()).where(condition)
    return int(connection.scalar(counting if table is None else counting.select_from(table)) or 0)
