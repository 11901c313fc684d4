"""Tells a business's endpoints what became of its messages, in the transaction in which it became so."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.hooks.endpoints import Endpoint, group_of
from notifications.status import Status
from notifications.tables import messages, notifications, webhook_endpoints
from storage.clock import database_now
from storage.tables import subscribers
from storage.types import new_id

ORIGIN: Final = "webhook"
"""Of messages to a business's system; what becomes of them is told to nobody."""

TOLD: Final = (
    Status.SENT,
    Status.UNKNOWN,
    Status.FAILED,
    Status.DELIVERED,
    Status.READ,
    Status.CANCELLED,
    Status.EXPIRED,
    Status.SKIPPED,
)
"""Statuses that are worth a request; that it waits, or is on its way this moment, is not."""

TEST_TYPE: Final = "webhook.test"
ANSWERED_TYPE: Final = "message.answered"
HANDOFF_TYPES: Final = tuple(f"handoff.{what}" for what in ("asked", "taken", "message", "returned"))
EVENT_TYPES: Final = (*(f"message.{status}" for status in TOLD), ANSWERED_TYPE, *HANDOFF_TYPES, TEST_TYPE)

WORTH: Final = timedelta(hours=24)
"""How long it is tried to tell one thing."""

LANE: Final = "scheduled"
"""Before campaigns and after people: their system can wait a second, whoever waits for a courier cannot."""


def announce(connection: Connection, message_ids: Collection[str], now: datetime) -> bool:
    """Queue what these messages are now for every endpoint that wants to know; whether there was one.

    Call it in the transaction that changed them, with those that changed; wake the topic "messages" after its commit.
    """
    if not message_ids:
        return False
    told = connection.execute(_told(message_ids).where(messages.c.status.in_(TOLD)))
    wanted = [row for row in told if not row.events or f"message.{row.status}" in row.events]
    _queue(
        connection,
        [
            _message(row.endpoint_id, row.business_id, f"message.{row.status}", _data(row), row.is_test, now)
            for row in wanted
        ],
    )
    return bool(wanted)


def announce_answer(connection: Connection, message_id: str, answer: Mapping[str, str], now: datetime) -> bool:
    """Queue how a person answered this message, by the `key` and `effect` of its workflow's reply; whether anybody
    wants to know. Call it as `announce`, once for each answer."""
    endpoints = connection.execute(_told([message_id])).all()
    wanted = [row for row in endpoints if not row.events or ANSWERED_TYPE in row.events]
    for row in wanted:
        told = {**_data(row), "answer": dict(answer)}
        _queue(connection, [_message(row.endpoint_id, row.business_id, ANSWERED_TYPE, told, row.is_test, now)])
    return bool(wanted)


def announce_handoff(
    connection: Connection, business_id: str, what: str, told: Mapping[str, Any], now: datetime
) -> bool:
    """Queue that a talk was asked for, taken, written in or returned; whether anybody wants to know."""
    w, kind = webhook_endpoints.c, f"handoff.{what}"
    endpoints = connection.execute(
        sa.select(w.id, w.events).where(w.business_id == business_id, w.disabled_at.is_(None)).order_by(w.id)
    ).all()
    rows = [
        _message(each.id, business_id, kind, dict(told), False, now)
        for each in endpoints
        if not each.events or kind in each.events
    ]
    _queue(connection, rows)
    return bool(rows)


def announce_test(connection: Connection, endpoint: Endpoint, now: datetime) -> str:
    """Queue something to try an endpoint with; the id that will be its `webhook-id`."""
    told = {"endpoint_id": endpoint.id, "text": "This is how Relais tells you what became of your messages."}
    row = _message(endpoint.id, endpoint.business_id, TEST_TYPE, told, False, now)
    _queue(connection, [row])
    return str(row["id"])


_SHOWN: Final = (
    "id",
    "status",
    "channel",
    "category",
    "origin",
    "notification_id",
    "subscriber_id",
    "is_test",
    "error_code",
    "error",
    "created_at",
)


def _told(message_ids: Collection[str]) -> sa.Select[Any]:
    """Each of these messages with each endpoint of its business."""
    m, w, n = messages.c, webhook_endpoints.c, notifications.c
    return (
        sa.select(
            w.id.label("endpoint_id"),
            w.events,
            *(m[name] for name in _SHOWN),
            m.business_id,
            n.workflow,
            n.cancellation_key,
            subscribers.c.external_id,
        )
        .join(webhook_endpoints, w.business_id == m.business_id)
        .outerjoin(notifications, n.id == m.notification_id)
        .outerjoin(subscribers, subscribers.c.id == m.subscriber_id)
        .where(m.id.in_(message_ids), m.origin.not_in((ORIGIN, "erased")), w.disabled_at.is_(None))
        .order_by(m.id, w.id)
    )


def _data(row: Row[Any]) -> dict[str, Any]:
    """What is told of a message: ids and what became of it; neither its words nor anybody's number."""
    told = {name: getattr(row, name) for name in _SHOWN}
    told["created_at"] = _written(row.created_at)
    return {
        **told,
        "workflow": row.workflow,
        "cancellation_key": row.cancellation_key,
        "subscriber_external_id": row.external_id,
    }


def _message(
    endpoint_id: str, business_id: str, kind: str, data: dict[str, Any], is_test: bool, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "business_id": business_id,
        "channel": "webhook",
        "lane": LANE,
        "origin": ORIGIN,
        "category": "transactional",
        "payload": {
            "endpoint_id": endpoint_id,
            "body": {"type": kind, "timestamp": _written(now), "data": data},
        },
        "group_key": group_of(endpoint_id),
        # What a test key made never leaves the house, and that it did not is told nonetheless.
        "is_test": False,
        "status": Status.QUEUED,
        "noted": True,
        "created_at": now,
        "expires_at": now + WORTH,
    }


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _queue(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(messages).values(run_at=database_now()), list(rows))
