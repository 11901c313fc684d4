"""What was sent in talks, for those who read them: which talks hold a failed message, and the messages of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.outbox import about
from notifications.tables import IS_DEAD, messages, notifications, workflow_versions

MOST: Final = 200
"""Messages of one page of a talk: many more than people exchange between two pages of it."""

TALKING: Final = ("whatsapp", "guest")
"""The channels on which people talk with us."""

LATELY: Final = 10
"""Notifications that are looked through for what a talk is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """One message of ours, as it left or will."""

    id: str
    turn_id: str | None
    origin: str
    author_id: str | None
    """Of the agent who wrote it."""
    content_key: str | None
    workflow: str | None
    payload: Mapping[str, Any] = field(repr=False)
    """The form that left, else the one that would."""
    said: str | None = field(repr=False)
    status: str
    error_code: int | None
    error: str | None
    at: datetime


class TalkSends:
    """Asks the messages about talks."""

    def failed_talks(self, business_id: str) -> sa.Select[Any]:
        """A query for the ids of the talks in which a message failed for good, and nobody has dealt with it."""
        m = messages.c
        return sa.select(m.conversation_id).where(m.business_id == business_id, IS_DEAD, m.conversation_id.is_not(None))

    def about(self, connection: Connection, conversation_id: str) -> dict[str, str]:
        """The delivery, the order … that was told of last in a talk, by its code."""
        m = messages.c
        rows = connection.execute(
            sa.select(workflow_versions.c.definition, notifications.c.payload)
            .select_from(messages)
            .join(notifications, notifications.c.id == m.notification_id)
            .join(workflow_versions, workflow_versions.c.id == notifications.c.version_id)
            .where(m.conversation_id == conversation_id)
            .order_by(m.id.desc())
            .limit(LATELY)
        )
        found: dict[str, str] = {}
        for row in rows:
            found = about(row.definition, row.payload) | found
        return found

    def said_in(
        self, connection: Connection, conversation_id: str, first_id: str | None, before_id: str | None
    ) -> Sequence[SentMessage]:
        """What was sent from one id on and before another (None: without end), the oldest first."""
        m = messages.c
        span = [m.id >= first_id] if first_id else []
        span += [m.id < before_id] if before_id else []
        rows = connection.execute(
            sa.select(
                m.id,
                m.turn_id,
                m.origin,
                m.author_id,
                m.content_key,
                notifications.c.workflow,
                m.payload,
                m.template_payload,
                m.sent_form,
                m.said,
                m.status,
                m.error_code,
                m.error,
                sa.func.coalesce(m.claimed_at, m.created_at, type_=m.created_at.type).label("at"),
            )
            .outerjoin(notifications, notifications.c.id == m.notification_id)
            .where(m.conversation_id == conversation_id, m.channel.in_(TALKING), *span)
            .order_by(m.id.desc())
            .limit(MOST)
        ).all()
        return [_sent(row._asdict()) for row in reversed(rows)]


def _sent(row: dict[str, Any]) -> SentMessage:
    template, form = row.pop("template_payload"), row.pop("sent_form")
    if template and (form == "template" or not row["payload"]):
        row["payload"] = template
    return SentMessage(**row)
