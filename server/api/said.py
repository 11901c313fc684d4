"""What was said in a talk, as the API tells it: both sides in one order, by ids that rise with time."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import inbound_messages, received_media
from notifications.tables import messages
from notifications.talks import TALKING
from server.desk.talk import bubbles

MOST_SAID: Final = 100


def said_after(connection: Connection, conversation_id: str, after: str | None) -> list[dict[str, Any]]:
    """What was said after the message with this id; without one, what was said last. The oldest first."""
    i, m, f = inbound_messages.c, messages.c, received_media.c
    came = (
        sa.select(i.id, i.kind, i.raw, i.received_at, f.id.label("file_id"))
        .outerjoin(received_media, f.inbound_message_id == i.id)
        .where(i.conversation_id == conversation_id)
    )
    left = sa.select(m.id, m.origin, m.payload, m.said, m.status, m.created_at).where(
        m.conversation_id == conversation_id, m.channel.in_(TALKING)
    )
    if after is None:
        came, left = came.order_by(i.id.desc()), left.order_by(m.id.desc())
    else:
        came, left = came.where(i.id > after).order_by(i.id), left.where(m.id > after).order_by(m.id)
    found = [_came(row) for row in connection.execute(came.limit(MOST_SAID))]
    found += [_left(row) for row in connection.execute(left.limit(MOST_SAID))]
    found.sort(key=lambda each: each["id"])
    return found[-MOST_SAID:] if after is None else found[:MOST_SAID]


def _came(row: Any) -> dict[str, Any]:
    bubble = bubbles.heard(row.kind, row.raw)
    place = ", ".join(str(each) for each in bubble.place) if bubble.place else ""
    words = [bubble.text, bubble.media_name, bubble.place_name, place]
    words += [" ".join(card) for card in bubble.contacts] + [each.title for each in bubble.rows]
    text = " · ".join(each for each in words if each)
    told = {"by": "person", "kind": row.kind, "text": text, "file_id": row.file_id, "status": None}
    return {"id": row.id, "at": row.received_at, **told}


def _left(row: Any) -> dict[str, Any]:
    bubble = bubbles.said(row.payload, row.said)
    told = {"by": row.origin, "kind": bubble.kind, "text": bubble.text, "file_id": None, "status": row.status}
    return {"id": row.id, "at": row.created_at, **told}
