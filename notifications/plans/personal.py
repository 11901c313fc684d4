"""What plans and events keep of a person: told to them, or made nobody's. That something was set off stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.cancelling import cancel
from notifications.plans.plan import State
from notifications.tables import backend_events, digest_buckets, digest_items, notifications, topic_members, topics
from storage.clock import database_now
from storage.tables import addresses, subscribers

FORGOTTEN = "The person is forgotten."


def told(connection: Connection, subscriber_ids: Sequence[str]) -> dict[str, Any]:
    """All of it, as JSON; moments as RFC 3339."""
    n, t = notifications.c, topic_members.c
    set_off = connection.execute(
        sa.select(n.created_at, n.workflow, n.category, n.state, n.payload)
        .where(n.subscriber_id.in_(subscriber_ids))
        .order_by(n.id)
    )
    joined = connection.execute(
        sa.select(topics.c.key, t.joined_at)
        .join(topics, topics.c.id == t.topic_id)
        .where(t.subscriber_id.in_(subscriber_ids))
        .order_by(topics.c.key)
    )
    return {
        "notifications": [{**row._mapping, "created_at": row.created_at.isoformat()} for row in set_off],
        "topics": [{"topic": row.key, "since": row.joined_at.isoformat()} for row in joined],
    }


def erase(connection: Connection, subscriber_ids: Sequence[str]) -> dict[str, int]:
    """Take back what is still to come, and leave of the rest that it was; how many rows were concerned.

    Before their addresses go: events that told nobody are found by them.
    """
    n, b, t = notifications.c, digest_buckets.c, topic_members.c
    now: datetime = connection.scalar(sa.select(database_now()))
    cancel(connection, [n.subscriber_id.in_(subscriber_ids), n.state.in_((State.ACTIVE, State.MERGED))], FORGOTTEN, now)
    buckets = sa.select(b.id).where(b.subscriber_id.in_(subscriber_ids))
    connection.execute(sa.delete(digest_items).where(digest_items.c.bucket_id.in_(buckets)))
    nothing: dict[str, Any] = {
        "payload": {},
        "progress": {},
        "routing": sa.null(),
        "anchor": sa.null(),
        "cancellation_key": None,
        "group_key": None,
        "error": None,
    }
    statements: list[tuple[str, Any]] = [
        ("backend_events", _events(connection, subscriber_ids)),
        ("digest_buckets", sa.delete(digest_buckets).where(b.subscriber_id.in_(subscriber_ids))),
        ("topic_members", sa.delete(topic_members).where(t.subscriber_id.in_(subscriber_ids))),
        ("notifications", sa.update(notifications).where(n.subscriber_id.in_(subscriber_ids)).values(nothing)),
    ]
    return {name: connection.execute(statement).rowcount for name, statement in statements}


def _events(connection: Connection, subscriber_ids: Sequence[str]) -> sa.Update:
    """Those that told them something, and those that name them."""
    e = backend_events.c
    outcome, payload = sa.cast(e.outcome, sa.Text), sa.cast(e.payload, sa.Text)
    a, s = addresses.c, subscribers.c
    names = list(connection.scalars(sa.select(a.value).where(a.subscriber_id.in_(subscriber_ids))))
    called = connection.scalars(sa.select(s.external_id).where(s.id.in_(subscriber_ids), s.external_id.is_not(None)))
    names += [f'"{external_id}"' for external_id in called]
    of_them = [outcome.contains(each, autoescape=True) for each in subscriber_ids]
    of_them += [payload.contains(each.removeprefix("+"), autoescape=True) for each in names]
    return sa.update(backend_events).where(sa.or_(*of_them)).values(payload={})
