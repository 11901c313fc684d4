"""Tells a business's own system what becomes of the talks that humans take up: ids and states, nobody's words."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import handoffs
from notifications import hooks
from storage.tables import conversations, subscribers

_TOLD: Final = ("state", "reason", "language", "priority", "ended_by")


class HandoffNews:
    """Implements `conversations.ports.HandoffNews` with webhooks."""

    def tell(self, connection: Connection, what: str, handoff_id: str, now: datetime) -> None:
        """Queue it for every endpoint that wants to know. Wake "messages" after the commit."""
        h, s = handoffs.c, subscribers.c
        row = connection.execute(
            sa.select(*(h[name] for name in _TOLD), h.business_id, h.conversation_id, s.external_id, s.id)
            .join(conversations, conversations.c.id == h.conversation_id)
            .join(subscribers, s.id == conversations.c.subscriber_id)
            .where(h.id == handoff_id)
        ).one_or_none()
        if row is None:
            return
        told: dict[str, Any] = {
            "handoff_id": handoff_id,
            "conversation_id": row.conversation_id,
            "subscriber_id": row.id,
            "subscriber_external_id": row.external_id,
            **{name: getattr(row, name) for name in _TOLD},
        }
        hooks.announce_handoff(connection, row.business_id, what, told, now)
