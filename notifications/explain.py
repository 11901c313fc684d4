"""Explains a message: what was decided about it, in order, in words."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.providers.inapp import INAPP
from notifications.tables import message_decisions, messages, receipts

REPORTED: Final = "Reported by the provider."

IN_AN_INBOX: Final = {
    "delivered": "An app of theirs showed their inbox.",
    "read": "They read it in their inbox.",
    "clicked": "They followed it from their inbox.",
}


def explain(connection: Connection, message_id: str) -> dict[str, Any] | None:
    """The message's status and its story, oldest first; None when there is no such message."""
    row = connection.execute(
        sa.select(
            messages.c.status,
            messages.c.origin,
            messages.c.category,
            messages.c.created_at,
            messages.c.claimed_at,
            messages.c.form_reason,
            messages.c.error_code,
            messages.c.error,
        ).where(messages.c.id == message_id)
    ).one_or_none()
    if row is None:
        return None
    story = [{"at": row.created_at, "what": "queued", "why": f"Said by the {row.origin}, {row.category}."}]
    if row.form_reason is not None:
        story.append({"at": row.claimed_at or row.created_at, "what": "form", "why": row.form_reason})
    for decision in connection.execute(
        sa.select(message_decisions)
        .where(message_decisions.c.message_id == message_id)
        .order_by(message_decisions.c.id)
    ):
        story.append({"at": decision.decided_at, "what": decision.decision, "why": decision.reason})
    for receipt in connection.execute(
        sa.select(receipts).where(receipts.c.message_id == message_id).order_by(receipts.c.id)
    ):
        why = IN_AN_INBOX.get(receipt.status, REPORTED) if receipt.provider == INAPP else REPORTED
        story.append({"at": receipt.received_at, "what": receipt.status, "why": why})
    story.sort(key=lambda entry: entry["at"])
    return {
        "id": message_id,
        "status": row.status,
        "error_code": row.error_code,
        "error": row.error,
        "story": [{**entry, "at": entry["at"].isoformat()} for entry in story],
    }
