"""Reads one talk for those who answer in it: what was said, who has it, what is known, whether words may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from fastapi import HTTPException
from sqlalchemy.engine import Connection

from channels.guest import is_guest_number
from channels.whatsapp import window
from conversations import handoffs
from conversations.guests.reach import open_until
from conversations.handoffs import Held
from conversations.review import noting
from conversations.review.noting import Note
from conversations.tables import handoffs as table
from notifications.talks import TalkSends
from server.desk.door import MayNot
from server.desk.talk.lines import Lines, names_of, read_lines
from server.desk.visit import Visit
from staff import Act, members
from storage.database import Database
from storage.tables import businesses, conversations, subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the page shows."""

    id: str
    business_id: str
    business: str
    phone_number_id: str
    subscriber_id: str
    person: str | None = field(repr=False)
    language: str | None
    default_language: str
    held: Held | None
    priority: int
    agent: str | None
    """Who has it, by name."""
    summary: dict[str, Any] = field(repr=False)
    about: Mapping[str, str]
    """The delivery, the order … that it is about, by its code."""
    open_until: datetime | None
    """Until when words of our own may be sent; None when they may not."""
    part: Lines = field(repr=False)
    notes: Sequence[Note] = field(repr=False)

    @property
    def state(self) -> str:
        """bot, waiting, human or closing."""
        return self.held.state if self.held else "bot"

    def is_of(self, member_id: str) -> bool:
        """Whether this member may answer in it now: it is theirs, or that of somebody without a name."""
        return self.state in ("human", "closing") and (
            self.held is not None and self.held.agent_id in (member_id, None)
        )

    def values(self, agent: str) -> dict[str, str | None]:
        """What the placeholders of an answer stand for here; None where nobody knows."""
        names = (self.person or "").split()
        return {
            "first_name": names[0] if names else None,
            "name": self.person,
            "agent": agent.split()[0] if agent.split() else None,
            "business": self.business,
            **{name: self.about.get(name) for name in ("order", "delivery", "claim")},
        }


async def read_talk(database: Database, visit: Visit, conversation_id: UUID, before: str | None = None) -> Talk:
    """The talk, as of this older message where one is named. Raises 404, and MayNot."""
    talk = await database.read(_read, str(conversation_id), visit.now, before)
    if talk is None:
        raise HTTPException(404)
    if not visit.member.may(Act.ANSWER, talk.business_id):
        raise MayNot
    return talk


def colleagues(connection: Connection, business_id: str) -> Sequence[tuple[str, str]]:
    """Who answers at this business: ids and names."""
    found = (each for each in members.listed(connection) if each.disabled_at is None)
    return [(each.id, each.name) for each in found if each.may(Act.ANSWER, business_id)]


def _read(connection: Connection, conversation_id: str, now: datetime, before: str | None) -> Talk | None:
    c, b = conversations.c, businesses.c
    row = connection.execute(
        sa.select(
            c.business_id,
            c.phone_number_id,
            c.subscriber_id,
            c.last_inbound_at,
            subscribers.c.name,
            subscribers.c.locale,
            b.name.label("business"),
            b.default_language,
        )
        .join(subscribers, subscribers.c.id == c.subscriber_id)
        .join(businesses, b.id == c.business_id)
        .where(c.id == conversation_id, c.merged_into.is_(None))
    ).one_or_none()
    if row is None:
        return None
    held = handoffs.held(connection, conversation_id)
    agent, summary, priority = _held_by(connection, held)
    return Talk(
        id=conversation_id,
        business_id=row.business_id,
        business=row.business,
        phone_number_id=row.phone_number_id,
        subscriber_id=row.subscriber_id,
        person=row.name,
        language=row.locale,
        default_language=row.default_language,
        held=held,
        priority=priority,
        agent=agent,
        summary=summary,
        about=TalkSends().about(connection, conversation_id) | summary.get("codes", {}),
        open_until=_open_until(connection, conversation_id, row, now),
        part=read_lines(connection, conversation_id, before=before),
        notes=noting.notes(connection, conversation_id),
    )


def _open_until(connection: Connection, conversation_id: str, row: Any, now: datetime) -> datetime | None:
    """The end of WhatsApp's window, or of a guest's link."""
    if is_guest_number(row.phone_number_id):
        return open_until(connection, conversation_id, now)
    if row.last_inbound_at is None or not window.is_open(row.last_inbound_at, now):
        return None
    return cast("datetime", row.last_inbound_at + window.WINDOW - window.MARGIN)


def _held_by(connection: Connection, held: Held | None) -> tuple[str | None, dict[str, Any], int]:
    if held is None:
        return None, {}, 0
    row = connection.execute(sa.select(table.c.summary, table.c.priority).where(table.c.id == held.id)).one()
    agent = names_of(connection, [held.agent_id]).get(held.agent_id) if held.agent_id else None
    return agent, dict(row.summary or {}), row.priority
