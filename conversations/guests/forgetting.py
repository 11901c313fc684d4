"""Guests whose time is over: each becomes a wish to be forgotten, which is fulfilled like anybody's."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import erasures
from conversations.guest_tables import guests
from storage.tables import conversations

ASKED_BY: Final = "expiry"
AT_ONCE: Final = 100


def ask_where_due(connection: Connection, now: datetime) -> int:
    """Have those forgotten whose time is over; how many, at most AT_ONCE."""
    g, c = guests.c, conversations.c
    due = connection.execute(
        sa.select(g.conversation_id, c.business_id, c.subscriber_id)
        .join(conversations, c.id == g.conversation_id)
        .where(g.forget_at <= now, _NOT_ASKED)
        .order_by(g.forget_at)
        .limit(AT_ONCE)
    ).all()
    for row in due:
        erasures.ask(
            connection,
            business_id=row.business_id,
            subscriber_id=row.subscriber_id,
            asked_by=ASKED_BY,
            wish_id=f"guest:{row.conversation_id}",
            now=now,
        )
        connection.execute(
            sa.update(guests).where(g.conversation_id == row.conversation_id).values(asked_to_forget=True)
        )
    return len(due)


_NOT_ASKED: Final = ~guests.c.asked_to_forget
