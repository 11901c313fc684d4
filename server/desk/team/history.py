"""A talk as it was: what came and what was said, in order, by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import inbound_messages
from notifications.outbox import text_of
from notifications.tables import messages, notifications
from staff.tables import staff_members

MOST: Final = 80
"""Of each side: what an agent reads before they answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said, or is to be said."""

    at: datetime
    by: str
    """person, or the origin of the message: bot, service, agent, app, push"""
    kind: str
    """WhatsApp's: text, image, location …"""
    text: str
    author: str | None = None
    """Who of the desk wrote it."""
    workflow: str | None = None
    status: str | None = None
    error: str | None = None
    message_id: str | None = None


def history(connection: Connection, conversation_id: str) -> Sequence[Said]:
    """What was said last, the oldest first."""
    said = [*_came(connection, conversation_id), *_left(connection, conversation_id)]
    return sorted(said, key=lambda each: each.at)[-MOST:]


def _came(connection: Connection, conversation_id: str) -> list[Said]:
    i = inbound_messages.c
    rows = connection.execute(
        sa.select(i.kind, i.raw, i.received_at)
        .where(i.conversation_id == conversation_id)
        .order_by(i.id.desc())
        .limit(MOST)
    )
    return [Said(at=row.received_at, by="person", kind=row.kind, text=_words(row.raw)) for row in rows]


def _left(connection: Connection, conversation_id: str) -> list[Said]:
    m = messages.c
    rows = connection.execute(
        sa.select(
            m.id,
            m.origin,
            m.payload,
            m.said,
            m.status,
            m.error,
            m.created_at,
            notifications.c.workflow,
            staff_members.c.name.label("author"),
        )
        .outerjoin(notifications, notifications.c.id == m.notification_id)
        .outerjoin(staff_members, staff_members.c.id == m.author_id)
        .where(m.conversation_id == conversation_id, m.channel == "whatsapp")
        .order_by(m.id.desc())
        .limit(MOST)
    )
    return [
        Said(
            at=row.created_at,
            by=row.origin,
            kind=str(row.payload.get("type", "")),
            text=row.said or text_of(row.payload),
            author=row.author,
            workflow=row.workflow,
            status=row.status,
            error=row.error,
            message_id=row.id,
        )
        for row in rows
    ]


def _words(raw: Mapping[str, Any]) -> str:
    """What somebody wrote, tapped, or put under a picture; where they are, as degrees."""
    kind = str(raw.get("type", ""))
    part = raw.get(kind)
    if not isinstance(part, Mapping):
        return ""
    match kind:
        case "text":
            return str(part.get("body", ""))
        case "button":
            return str(part.get("text", ""))
        case "interactive":
            reply = part.get(str(part.get("type", "")))
            return str(reply.get("title", "")) if isinstance(reply, Mapping) else ""
        case "location":
            named = [str(part[name]) for name in ("name", "address") if part.get(name)]
            return " · ".join([*named, f"{part.get('latitude')}, {part.get('longitude')}"])
        case _:
            return str(part.get("caption") or part.get("filename") or "")
