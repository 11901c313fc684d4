"""Parked turns, the dead letters of the inbox: an operator lists them, and tries one again when it is mended."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import turns
from storage.clock import database_now
from storage.tables import businesses, conversations


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedTurn:
    """A turn that was given up; what the person wrote stays in the database."""

    id: str
    business: str
    error: str
    finished_at: datetime


def parked(connection: Connection, limit: int) -> list[ParkedTurn]:
    """The newest parked turns."""
    rows = connection.execute(
        sa.select(turns.c.id, businesses.c.slug.label("business"), turns.c.error, turns.c.finished_at)
        .join(businesses, businesses.c.id == turns.c.business_id)
        .where(turns.c.status == "parked")
        .order_by(turns.c.finished_at.desc())
        .limit(limit)
    )
    return [ParkedTurn(**row._mapping) for row in rows]


def retry(connection: Connection, turn_id: str) -> bool:
    """Put a parked turn back; False when there is no such parked turn. It gets the tries that a failed one has left."""
    conversation_id = connection.scalar(
        sa.update(turns)
        .where(turns.c.id == turn_id, turns.c.status == "parked")
        # One failure stays on record: a turn that was begun is answered however old it is, not summed up.
        .values(status="waiting", failures=1, finished_at=None)
        .returning(turns.c.conversation_id)
    )
    if conversation_id is None:
        return False
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(next_turn_at=sa.func.coalesce(conversations.c.next_turn_at, database_now()))
    )
    return True
