"""Which hours are counted when, and keeping what was counted: by hour, and by day of the business's own clock.

An hour is counted again and again while it lasts, then at ages that double, for receipts and reports come late; after
a week it stands still. Counting rests fifty times as long as it took, so that it never takes more than a fiftieth of a
processor, however much is said. It only ever writes what changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.stamps import moment_of
from conversations.review.tables import review_turns
from conversations.tables import handoffs, inbound_messages
from figures.counting import HOUR, Counted, Key
from figures.tables import HAS_TO_BE_COUNTED, figure_hours, figures
from notifications.tables import messages
from storage.clock import database_now
from storage.insert import insert_all
from storage.locks import hold
from storage.tables import businesses

SOONEST_SECONDS: Final = 10.0
"""Between two counts of the same hour."""

REST: Final = 50.0
"""So many times as long as a count took, its hour waits for the next."""

STANDS_STILL: Final = timedelta(days=7)
"""What Meta and the others report later is not counted any more."""

LEASE_SECONDS: Final = 120.0

AT_ONCE: Final = 24
"""Hours of before that are counted together, so that their day is added up and written once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """How far the figures are behind."""

    hours: int
    """That were never counted, or are to be counted anew."""
    seconds: float
    """How long the hour that lasts was not counted, beyond the time that it may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedHour:
    """What was found in an hour."""

    at: datetime
    counted: Counted
    took_seconds: float


def claim(connection: Connection) -> list[datetime]:
    """The newest hours that are due, which nobody else takes for a while: the hour that lasts alone, else several."""
    h = figure_hours.c
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    _begin_hours(connection, now)
    due = sa.select(h.at).where(HAS_TO_BE_COUNTED, h.due_at <= database_now()).order_by(h.at.desc()).limit(AT_ONCE)
    hours = list(dict.fromkeys(connection.scalars(due.with_for_update(skip_locked=True))))
    if hour_of(now) in hours:
        hours = [hour_of(now)]
    if hours:
        taken = sa.update(figure_hours).where(HAS_TO_BE_COUNTED, h.at.in_(hours))
        connection.execute(taken.values(due_at=database_now(LEASE_SECONDS)))
    return hours


def keep(connection: Connection, hours: Sequence[CountedHour]) -> None:
    """Write what changed of these hours and of their days, and when each hour is counted next."""
    hold(connection, ["figures"])
    for business_id, timezone in connection.execute(sa.select(businesses.c.id, businesses.c.timezone)).all():
        wanted = {each.at: each.counted.get(business_id, {}) for each in hours}
        changed = _write(connection, business_id, "hour", wanted)
        days = {day_of(at, timezone) for at in changed}
        _write(connection, business_id, "day", {day[0]: _summed(connection, business_id, *day) for day in days})
    h = figure_hours.c
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    for each in hours:
        age = now - (each.at + HOUR)
        wait = max(SOONEST_SECONDS, REST * each.took_seconds, age.total_seconds())
        due: Any = None if age > STANDS_STILL else database_now(wait)
        done = sa.update(figure_hours).where(HAS_TO_BE_COUNTED, h.at == each.at)
        connection.execute(done.values(due_at=due, counted_at=now))


def rebuild(connection: Connection) -> int:
    """Let every hour be counted anew; how many there are."""
    changed = connection.execute(sa.update(figure_hours).values(due_at=database_now()))
    return changed.rowcount


def behind(connection: Connection) -> Behind:
    """How far the figures are behind."""
    h = figure_hours.c
    late = sa.select(sa.func.count(h.at.distinct())).where(HAS_TO_BE_COUNTED, h.due_at <= database_now())
    newest = sa.select(h.at, h.due_at).where(HAS_TO_BE_COUNTED).order_by(h.at.desc()).limit(1)
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    row = connection.execute(newest).one_or_none()
    seconds = 0.0 if row is None else max(0.0, (now - row.due_at).total_seconds())
    return Behind(hours=connection.scalar(late) or 0, seconds=seconds)


def counted_at(connection: Connection, business_id: str) -> datetime | None:
    """Until when a business's newest hour is counted; None before the first time."""
    h = figure_hours.c
    found: datetime | None = connection.scalar(
        sa.select(h.counted_at)
        .where(h.business_id == business_id, h.counted_at.is_not(None))
        .order_by(h.at.desc())
        .limit(1)
    )
    return found


def day_of(at: datetime, timezone: str) -> tuple[datetime, datetime]:
    """Where the day begins and ends in which an hour begins, by this clock."""
    day = at.astimezone(ZoneInfo(timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC)


def hour_of(moment: datetime) -> datetime:
    """Where the hour begins that this is in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _begin_hours(connection: Connection, now: datetime) -> None:
    """Every hour from the first that was ever heard or said of, to the one that lasts."""
    b, h = businesses.c, figure_hours.c
    newest_at = sa.select(h.at).where(h.business_id == b.id).order_by(h.at.desc()).limit(1).scalar_subquery()
    found = connection.execute(sa.select(b.id, newest_at)).all()
    last = hour_of(now)
    rows, first = [], None
    for business_id, newest in found:
        if newest is None and first is None:
            first = _first_hour(connection) or last
        at = first if newest is None else newest + HOUR
        while at is not None and at <= last:
            rows.append({"business_id": business_id, "at": at, "due_at": now, "counted_at": None})
            at += HOUR
    if rows:
        insert_all(connection, figure_hours, rows)


def _first_hour(connection: Connection) -> datetime | None:
    oldest = [
        connection.scalar(sa.select(table.c.id).order_by(table.c.id).limit(1))
        for table in (messages, inbound_messages, handoffs)
    ]
    moments = [_moment_of_id(each) for each in oldest if each is not None]
    stamp = connection.scalar(sa.select(sa.func.min(review_turns.c.stamp)))
    moments += [] if stamp is None else [moment_of(stamp)]
    return hour_of(min(moments)) if moments else None


def _moment_of_id(found: str) -> datetime:
    return datetime.fromtimestamp((UUID(found).int >> 80) / 1000, UTC)


def _summed(connection: Connection, business_id: str, first: datetime, after: datetime) -> Mapping[Key, int]:
    f = figures.c
    rows = connection.execute(
        sa.select(f.kind, f.name, f.detail, sa.func.sum(f.total).label("total"))
        .where(f.business_id == business_id, f.grain == "hour", f.at >= first, f.at < after)
        .group_by(f.kind, f.name, f.detail)
    )
    return {(row.kind, row.name, row.detail): int(row.total) for row in rows}


def _write(
    connection: Connection, business_id: str, grain: str, wanted: Mapping[datetime, Mapping[Key, int]]
) -> set[datetime]:
    """Make the rows of these hours or days those; which of them changed."""
    f = figures.c
    whose = (f.business_id == business_id) & (f.grain == grain)
    there: dict[datetime, dict[Key, int]] = {at: {} for at in wanted}
    known = sa.select(f.at, f.kind, f.name, f.detail, f.total).where(whose, f.kind.in_(KINDS), f.at.in_(list(wanted)))
    for row in connection.execute(known):
        there[row.at][row.kind, row.name, row.detail] = row.total
    rows = []
    for at, counts in wanted.items():
        gone = [key for key, count in there[at].items() if counts.get(key) != count]
        if gone:
            which = sa.tuple_(f.kind, f.name, f.detail).in_(gone)
            connection.execute(sa.delete(figures).where(whose, f.at == at, which))
        rows += [
            {"business_id": business_id, "grain": grain, "at": at}
            | {"kind": kind, "name": name, "detail": detail, "total": count}
            for (kind, name, detail), count in counts.items()
            if there[at].get((kind, name, detail)) != count
        ]
    if rows:
        insert_all(connection, figures, rows)
    return {at for at, counts in wanted.items() if there[at] != counts}


KINDS: Final = (
    *("in", "out", "said", "template", "workflow", "failed", "turn", "intent"),
    *("answer", "step", "rating", "handoff", "taken", "cost"),
)
"""Every kind, for the index to be read by."""
