"""Talks that a human of the business is to take up: asked for once while they wait, with what the bot knew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.people import talk_of
from conversations.tables import handoffs
from storage.tables import businesses, conversations, subscribers
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One talk that waits for a human, for those who take it up."""

    id: str
    business: str
    conversation_id: str
    person: str | None = field(repr=False)
    """As WhatsApp names them."""
    reason: str
    language: str
    summary: Mapping[str, Any] = field(repr=False)
    state: str
    asked_at: datetime
    repeated_at: datetime | None
    closed_at: datetime | None


def ask(
    connection: Connection,
    sender_id: str,
    *,
    turn_id: str,
    reason: str,
    language: str,
    summary: Mapping[str, Any],
    now: datetime,
) -> tuple[datetime, bool] | None:
    """Let a human be asked for; when it was asked first, and whether that was just now. None for an unknown sender.

    Who asks again while nobody has come keeps their place, with the summary of now. The same turn changes nothing.
    """
    talk = talk_of(connection, sender_id)
    if talk is None:
        return None
    # The conversation's row is the lock: one turn at a time asks.
    connection.execute(sa.select(conversations.c.id).where(conversations.c.id == talk.id).with_for_update())
    h = handoffs.c
    waiting = connection.execute(
        sa.select(h.id, h.turn_id, h.asked_at)
        .where(h.conversation_id == talk.id, h.state == "waiting")
        .order_by(h.id)
        .limit(1)
    ).one_or_none()
    if waiting is None:
        row = {"id": new_id(), "business_id": talk.business_id, "conversation_id": talk.id, "turn_id": turn_id}
        told = {"reason": reason, "language": language, "summary": dict(summary), "state": "waiting", "asked_at": now}
        connection.execute(sa.insert(handoffs).values(row | told))
        return now, True
    if waiting.turn_id == turn_id:
        return waiting.asked_at, True
    connection.execute(
        sa.update(handoffs).where(h.id == waiting.id).values(summary=dict(summary), language=language, repeated_at=now)
    )
    return waiting.asked_at, False


def listed(connection: Connection, limit: int, *, state: str | None = "waiting") -> list[Handoff]:
    """Talks in this state (None: in any), the longest waiting first."""
    h = handoffs.c
    columns = [h[name] for name in Handoff.__dataclass_fields__ if name not in ("business", "person")]
    rows = connection.execute(
        sa.select(*columns, businesses.c.slug.label("business"), subscribers.c.name.label("person"))
        .join(businesses, businesses.c.id == h.business_id)
        .join(conversations, conversations.c.id == h.conversation_id)
        .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .where(h.state == state if state else sa.true())
        .order_by(h.asked_at, h.id)
        .limit(limit)
    )
    return [Handoff(**row._asdict()) for row in rows]


def close(connection: Connection, handoff_id: str, now: datetime) -> bool:
    """Somebody has taken it up; False when none such waits."""
    h = handoffs.c
    closed = connection.scalar(
        sa.update(handoffs)
        .where(h.id == handoff_id, h.state == "waiting")
        .values(state="closed", closed_at=now)
        .returning(h.id)
    )
    return closed is not None
