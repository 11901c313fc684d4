"""Talks for humans as a list, for those who take them up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import handoffs
from storage.tables import businesses, conversations, subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """One talk that is, was, or is to be with a human."""

    id: str
    business: str
    conversation_id: str
    person: str | None = field(repr=False)
    """As WhatsApp names them."""
    reason: str
    language: str
    summary: Mapping[str, Any] = field(repr=False)
    state: str
    priority: int
    """The higher, the sooner: one more each time that nobody answered."""
    agent_id: str | None
    """Who has it, of those who work at the desk."""
    asked_at: datetime
    repeated_at: datetime | None
    taken_at: datetime | None
    unanswered_since: datetime | None
    """What the person wrote last that no human has answered."""
    returns_at: datetime | None
    """When the bot answers again, unless something is said before."""
    closed_at: datetime | None
    ended_by: str | None
    """agent, silence, elsewhere; None for one that is open."""


def listed(
    connection: Connection,
    limit: int,
    *,
    state: str | None = "waiting",
    business_id: str | None = None,
    handoff_id: str | None = None,
) -> list[Handoff]:
    """Talks in this state (None: in any), the most urgent first, then the longest waiting; or this one alone."""
    h = handoffs.c
    columns = [h[name] for name in Handoff.__dataclass_fields__ if name not in ("business", "person")]
    rows = connection.execute(
        sa.select(*columns, businesses.c.slug.label("business"), subscribers.c.name.label("person"))
        .join(businesses, businesses.c.id == h.business_id)
        .join(conversations, conversations.c.id == h.conversation_id)
        .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .where(
            h.state == state if state else sa.true(),
            h.business_id == business_id if business_id else sa.true(),
            h.id == handoff_id if handoff_id else sa.true(),
        )
        .order_by(h.priority.desc(), h.asked_at, h.id)
        .limit(limit)
    )
    return [Handoff(**row._asdict()) for row in rows]


def close(connection: Connection, handoff_id: str, now: datetime) -> bool:
    """Somebody has taken it up without the desk; False when none such waits."""
    h = handoffs.c
    closed = connection.scalar(
        sa.update(handoffs)
        .where(h.id == handoff_id, h.state == "waiting")
        .values(state="closed", closed_at=now, ended_by="elsewhere")
        .returning(h.id)
    )
    return closed is not None
