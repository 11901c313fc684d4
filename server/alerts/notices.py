"""What is to be told to whom: kept until it was told, tried again after growing pauses, given up after a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from server.alerts.standing import Alert, Said, find
from server.alerts.tables import IS_UNTOLD, alert_notices, watch_leases
from storage.clock import database_now
from storage.insert import insert_new
from storage.types import new_id

LEASE_SECONDS: Final = 120.0
"""For one try; and who watches keeps that for so long without a sign of life."""

FIRST_PAUSE_SECONDS: Final = 30.0
LONGEST_PAUSE_SECONDS: Final = 1800.0

WORTH: Final = timedelta(days=1)
"""What could not be told for so long is given up; an alert that lasts is said again anyway."""

AT_ONCE: Final = 20

WATCH: Final = "alerts"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, and in which way."""

    way: str
    """email, webhook"""
    address: str = field(default="", repr=False)
    """Of an email; the webhook's stands in the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell one recipient; taken by this process."""

    id: str
    what: str
    to: Recipient
    created_at: datetime
    tries: int
    """With this one."""
    alert: Alert | None
    """None: a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """One that nobody could be told, so far or for good."""

    alert_id: str | None
    way: str
    recipient: str = field(repr=False)
    created_at: datetime
    tries: int
    problem: str


def take_watch(connection: Connection, owner: str) -> bool:
    """Whether this process watches now: nobody else does, or whoever did has been silent for long."""
    w = watch_leases.c
    mine = {"owner": owner, "lease_until": database_now(LEASE_SECONDS)}
    free = sa.or_(w.owner == owner, w.lease_until <= database_now())
    if connection.execute(sa.update(watch_leases).where(w.name == WATCH, free).values(mine)).rowcount == 1:
        return True
    now = connection.execute(sa.select(database_now(LEASE_SECONDS))).scalar_one()
    row = {"name": WATCH, "owner": owner, "lease_until": now}
    return insert_new(connection, watch_leases, row, w.name) is not None


def let_watch_go(connection: Connection, owner: str) -> None:
    """Somebody else may watch at once."""
    w = watch_leases.c
    connection.execute(sa.delete(watch_leases).where(w.name == WATCH, w.owner == owner))


def queue(connection: Connection, said: Sequence[Said], to: Sequence[Recipient], now: datetime) -> None:
    """Keep what is to be told. What is over makes what was not told of it before pointless."""
    n = alert_notices.c
    over = [each.alert_id for each in said if each.what == "over"]
    if over:
        connection.execute(sa.update(alert_notices).where(n.alert_id.in_(over), IS_UNTOLD).values(next_at=None))
    for each in said:
        for recipient in to:
            connection.execute(
                sa.insert(alert_notices).values(
                    id=new_id(),
                    alert_id=each.alert_id,
                    what=each.what,
                    way=recipient.way,
                    recipient=recipient.address,
                    created_at=now,
                    next_at=database_now(),
                )
            )


def claim(connection: Connection) -> list[Notice]:
    """What is due to be told, and ours to tell for a while."""
    n = alert_notices.c
    due = sa.select(n.id).where(IS_UNTOLD, n.next_at <= database_now()).order_by(n.id).limit(AT_ONCE)
    ids = list(connection.scalars(due.with_for_update(skip_locked=True)))
    taken = sa.update(alert_notices).where(n.id.in_(ids)).values(next_at=database_now(LEASE_SECONDS), tries=n.tries + 1)
    rows = connection.execute(taken.returning(*n)).all() if ids else []
    return [
        Notice(
            id=row.id,
            what=row.what,
            to=Recipient(row.way, row.recipient),
            created_at=row.created_at,
            tries=row.tries,
            alert=None if row.alert_id is None else find(connection, row.alert_id),
        )
        for row in sorted(rows, key=lambda each: str(each.id))
    ]


def settle(connection: Connection, notice: Notice, problem: str | None, now: datetime) -> None:
    """Told, or not, and why; then it is tried again later, unless that goes on for a day."""
    n = alert_notices.c
    values: dict[str, Any] = {"sent_at": now, "next_at": None, "problem": None}
    if problem is not None:
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(notice.tries - 1, 10))
        is_given_up = now - notice.created_at > WORTH
        values = {"problem": problem, "next_at": None if is_given_up else database_now(pause)}
    still_mine = (n.id == notice.id, n.tries == notice.tries, IS_UNTOLD)
    connection.execute(sa.update(alert_notices).where(*still_mine).values(values))


def untold(connection: Connection, alert_ids: Sequence[str]) -> list[Untold]:
    """What of these alerts nobody could be told so far, or at all: the newest of each recipient."""
    n = alert_notices.c
    rows = connection.execute(
        sa.select(n.alert_id, n.way, n.recipient, n.created_at, n.tries, n.problem)
        .where(n.alert_id.in_(list(alert_ids)), n.sent_at.is_(None), n.problem.is_not(None))
        .order_by(n.id)
    )
    newest = {(row.alert_id, row.way, row.recipient): Untold(**row._mapping) for row in rows}
    return list(newest.values())
