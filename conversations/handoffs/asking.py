"""The assistant asks for a human: once while they wait, with what it knew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.people import talk_of
from conversations.tables import HANDOFF_IS_OPEN, handoffs
from storage.tables import conversations
from storage.types import new_id


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
        .where(h.conversation_id == talk.id, HANDOFF_IS_OPEN)
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
