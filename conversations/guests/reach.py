"""Which talks are guests', and until when a guest can be answered."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import GUEST
from conversations.guest_tables import guest_links, guests
from storage.tables import conversations, phone_numbers


def open_until(connection: Connection, conversation_id: str, now: datetime) -> datetime | None:
    """Until when this guest can be answered; None where their link is over."""
    g, k = guests.c, guest_links.c
    row = connection.execute(
        sa.select(k.expires_at, k.ended_at)
        .join(guests, g.link_id == k.id)
        .where(g.conversation_id == conversation_id, k.ended_at.is_(None), k.expires_at > now)
    ).one_or_none()
    return None if row is None else row.expires_at


def is_guest(connection: Connection, conversation_id: str) -> bool:
    """Whether this talk is a guest's, also one that was forgotten."""
    c, p = conversations.c, phone_numbers.c
    channel = connection.scalar(
        sa.select(p.channel).join(conversations, c.phone_number_id == p.phone_number_id).where(c.id == conversation_id)
    )
    return bool(channel == GUEST)


def guest_talks() -> sa.Select[str]:
    """The ids of all guests' talks, for queries that leave them out."""
    c, p = conversations.c, phone_numbers.c
    return sa.select(c.id).join(phone_numbers, p.phone_number_id == c.phone_number_id).where(p.channel == GUEST)
