"""Which hours are counted when, and keeping what was counted: by hour, and by day of the business's own clock.

An hour is counted again and again while it lasts, then at ages that double, for receipts and reports come late; after
a week it stands still. Counting rests fifty times as long as it took, so that it never takes more than a fiftieth of a
processor, however much is said. It only ever writes what changed.
"""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """How far the figures are behind."""

    hours: int
    """That were never counted, or are to be counted anew."""
    seconds: float
    """How long the hour that lasts was not counted, beyond the time that it may wait."""


def claim(connection: Connection) -> datetime | None:
    """The newest hour that is due, which nobody else takes for a while; None where none is."""
    h = figure_hours.c
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    _begin_hours(connection, now)
    due = sa.select(h.at).where(HAS_TO_BE_COUNTED, h.due_at <= database_now()).order_by(h.at.desc()).limit(1)
    at: datetime | None = connection.scalar(due.with_for_update(skip_locked=True))
    if at is not None:
        connection.execute(sa.update(figure_hours).where(h.at == at).values(due_at=database_now(LEASE_SECONDS)))
    return at


def keep(connection: Connection, at: datetime, counted: Counted, took_seconds: float) -> None:
    """Write what changed of an hour and of its day, and when the hour is counted next."""
    hold(connection, ["figures"])
    for business_id, timezone in connection.execute(sa.select(businesses.c.id, businesses.c.timezone)).all():
        if _write(connection, (business_id, "hour", at), counted.get(business_id, {})):
            first, after = day_of(at, timezone)
            _write(connection, (business_id, "day", first), _summed(connection, business_id, first, after))
    h = figure_hours.c
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    age = now - (at + HOUR)
    wait = max(SOONEST_SECONDS, REST * took_seconds, age.total_seconds())
    due: Any = None if age > STANDS_STILL else database_now(wait)
    connection.execute(sa.update(figure_hours).where(h.at == at).values(due_at=due, counted_at=now))


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


def _write(connection: Connection, place: tuple[str, str, datetime], wanted: Mapping[Key, int]) -> bool:
    """Make the rows of an hour or a day these; whether anything changed."""
    f = figures.c
    business_id, grain, at = place
    whose = (f.business_id == business_id) & (f.grain == grain) & (f.at == at)
    there = {
        (row.kind, row.name, row.detail): row.total
        for row in connection.execute(sa.select(f.kind, f.name, f.detail, f.total).where(whose, f.kind.in_(KINDS)))
    }
    if there == wanted:
        return False
    changed = [key for key, count in there.items() if wanted.get(key) != count]
    if changed:
        connection.execute(sa.delete(figures).where(whose, sa.tuple_(f.kind, f.name, f.detail).in_(changed)))
    insert_all(
        connection,
        figures,
        [
            {"business_id": business_id, "grain": grain, "at": at}
            | {"kind": key[0], "name": key[1], "detail": key[2], "total": count}
            for key, count in wanted.items()
            if there.get(key) != count
        ],
    )
    return True


KINDS: Final = (
    *("in", "out", "said", "template", "workflow", "failed", "turn", "intent"),
    *("answer", "step", "rating", "handoff", "taken", "cost"),
)
"""Every kind, for the index to be read by."""
