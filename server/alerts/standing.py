"""What stands: an alert is raised when it has held, said again while it lasts, and over when it is well for a while."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from server.alerts.rules import BY_NAME, RULES
from server.alerts.tables import IS_OPEN, alerts
from server.watching.readings import Reading
from staff.tables import staff_members
from storage.insert import insert_new
from storage.types import new_id

CALM: Final = timedelta(minutes=5)
"""So long it must be well before it is over: what comes and goes is one alert, told once."""

UNSEEN: Final = timedelta(minutes=2)
"""What nobody looked at for longer did not hold in between: it begins anew."""

AGAIN: Final = timedelta(days=1)
"""After this time it is said again, while it lasts."""

AGAIN_IN_HAND: Final = timedelta(days=7)
"""The same where somebody is on it."""

MOST: Final = 50
"""Of one page of history."""

type Key = tuple[str, str]
"""The rule's name, and what it is of."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody is to be told."""

    alert_id: str
    what: str
    """raised, again, over"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One that was raised."""

    id: str
    rule: str
    subject: str
    value: float
    began_at: datetime
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    """Their name."""
    over_at: datetime | None

    @property
    def severity(self) -> str:
        """How soon somebody must look."""
        rule = BY_NAME.get(self.rule)
        return "page" if rule is None else rule.severity.value


def broken(readings: Sequence[Reading]) -> dict[Key, float]:
    """Everything that is beyond its limit."""
    return {(rule.name, subject): value for rule in RULES for subject, value in rule.broken(readings).items()}


def judge(connection: Connection, found: Mapping[Key, float], now: datetime) -> list[Said]:
    """Compare what is beyond its limit now with what stands, and keep what follows; what is to be told of it."""
    a = alerts.c
    rows = {(row.rule, row.subject): row for row in connection.execute(sa.select(alerts).where(IS_OPEN))}
    for key, value in found.items():
        if key not in rows:
            _begin(connection, key, value, now)
    said: list[Said] = []
    for key, row in rows.items():
        values, what = _worse(row, found[key], now) if key in found else _better(row, now)
        if values is None:
            connection.execute(sa.delete(alerts).where(a.id == row.id))
        else:
            connection.execute(sa.update(alerts).where(a.id == row.id).values(values))
        if what is not None:
            said.append(Said(row.id, what))
    return said


def acknowledge(connection: Connection, alert_id: str, member_id: str, now: datetime) -> bool:
    """Whether somebody is on it from now on: it stands, and nobody was."""
    a = alerts.c
    changed = connection.execute(
        sa.update(alerts)
        .where(a.id == alert_id, a.raised_at.is_not(None), a.over_at.is_(None), a.acknowledged_at.is_(None))
        .values(acknowledged_at=now, acknowledged_by=member_id)
    )
    return changed.rowcount == 1


def standing(connection: Connection) -> list[Alert]:
    """What is wrong now, the worst first, then the oldest."""
    found = _read(connection, IS_OPEN, alerts.c.raised_at.is_not(None), order=alerts.c.raised_at)
    return sorted(found, key=lambda each: each.severity != "page")


def count(connection: Connection) -> int:
    """How many things are wrong now."""
    return connection.scalar(sa.select(sa.func.count()).where(IS_OPEN, alerts.c.raised_at.is_not(None))) or 0


def history(connection: Connection, before_id: str | None = None) -> list[Alert]:
    """What was wrong and is over, the newest first; `before_id` is the last one of the page before."""
    where: list[sa.ColumnElement[bool]] = [alerts.c.over_at.is_not(None)]
    if before_id is not None:
        where.append(alerts.c.id < before_id)
    return _read(connection, *where, order=alerts.c.id.desc(), most=MOST)


def find(connection: Connection, alert_id: str) -> Alert | None:
    """One of them."""
    return next(iter(_read(connection, alerts.c.id == alert_id, order=alerts.c.id)), None)


def _begin(connection: Connection, key: Key, value: float, now: datetime) -> None:
    rule, subject = key
    row = {"id": new_id(), "rule": rule, "subject": subject, "value": value, "began_at": now, "seen_at": now}
    insert_new(connection, alerts, row, alerts.c.id)


def _worse(row: Row[Any], value: float, now: datetime) -> tuple[dict[str, Any], str | None]:
    """What changes of an alert that is beyond its limit, and what is said."""
    values: dict[str, Any] = {"value": value, "seen_at": now, "calm_since": None}
    if row.raised_at is None:
        if now - row.seen_at > UNSEEN:
            return values | {"began_at": now}, None
        if now - row.began_at >= BY_NAME[row.rule].holds:
            return values | {"raised_at": now, "said_at": now}, "raised"
        return values, None
    if now - row.said_at >= (AGAIN if row.acknowledged_at is None else AGAIN_IN_HAND):
        return values | {"said_at": now}, "again"
    return values, None


def _better(row: Row[Any], now: datetime) -> tuple[dict[str, Any] | None, str | None]:
    """The same of one that is well; None: it was never raised, and nothing stays of it."""
    if row.raised_at is None:
        return None, None
    calm_since = row.calm_since or now
    if now - calm_since >= CALM:
        return {"seen_at": now, "calm_since": calm_since, "over_at": now}, "over"
    return {"seen_at": now, "calm_since": calm_since}, None


def _read(connection: Connection, *where: Any, order: Any, most: int | None = None) -> list[Alert]:
    a = alerts.c
    shown = (a.id, a.rule, a.subject, a.value, a.began_at, a.raised_at, a.acknowledged_at, a.over_at)
    rows = connection.execute(
        sa.select(*shown, staff_members.c.name.label("acknowledged_by"))
        .outerjoin(staff_members, staff_members.c.id == a.acknowledged_by)
        .where(*where)
        .order_by(order)
        .limit(most)
    )
    return list(_alerts(rows))


def _alerts(rows: Any) -> Iterator[Alert]:
    for row in rows:
        yield Alert(**row._mapping)
