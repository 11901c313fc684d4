"""Takes back what is planned for a time, a slice at a time: many thousands hold up nobody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import ahead
from notifications.plans.ahead import Span, Wanted
from notifications.plans.cancelling import NOTHING, ONE_TAKEN_BACK, Cancelled, cancel
from notifications.plans.news import heard
from notifications.plans.plan import State
from notifications.plans.writing import call_back
from notifications.tables import digest_buckets, digest_items, notifications

SLICE: Final = 200
"""Plans of one transaction: a tenth of a second, for which others on SQLite wait. Our choice."""

CALLED_OFF: Final = "Taken back at the desk."


def call_off(connection: Connection, wanted: Wanted, span: Span, made_before: str, now: datetime) -> Cancelled:
    """Take back the first `SLICE` of what leaves then and was there before an id was made.

    NOTHING where none is left.
    """
    plans = ahead.plan_ids(connection, wanted, span, made_before, SLICE)
    if plans:
        n = notifications.c
        return call_off_plans(connection, plans, now, n.next_at >= span[0], n.next_at < span[1])
    put_off = ahead.message_ids(connection, wanted, span, made_before, SLICE)
    if not put_off:
        return NOTHING
    gone = call_back(connection, put_off, ONE_TAKEN_BACK, now)
    heard(connection, gone, now)
    return Cancelled(notifications=0, messages=len(gone), too_late=len(put_off) - len(gone))


def call_off_plans(
    connection: Connection, ids: Sequence[str], now: datetime, *where: sa.ColumnElement[bool]
) -> Cancelled:
    """Take back these plans where they still wait so, each with what it has gathered: a digest goes as one."""
    n = notifications.c
    waits = sa.and_(n.id.in_(ids), n.state == State.ACTIVE, *where)
    gathered = n.id.in_(_gathered(connection, ids)) & (n.state == State.MERGED)
    return cancel(connection, [waits | gathered], CALLED_OFF, now)


def _gathered(connection: Connection, ids: Sequence[str]) -> list[str]:
    b, i = digest_buckets.c, digest_items.c
    asked = (
        sa.select(i.notification_id)
        .join(digest_buckets, b.id == i.bucket_id)
        .where(b.notification_id.in_(ids), b.closed_at.is_(None))
    )
    return list(connection.scalars(asked))
