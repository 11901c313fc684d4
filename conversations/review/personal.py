"""What review keeps of a person's talks: told to them, or deleted. That they wrote stays in the turns themselves."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.tables import (
    review_conversations,
    review_corrections,
    review_marks,
    review_notes,
    review_pending,
    review_tagged,
    review_turns,
)
from conversations.tables import turns

_OF_A_TALK: Final = (review_turns, review_tagged, review_notes, review_conversations)


def told(connection: Connection, talks: Sequence[str]) -> list[dict[str, Any]]:
    """What was noted about them, as JSON; moments as RFC 3339."""
    n = review_notes.c
    rows = connection.execute(sa.select(n.written_at, n.text).where(n.conversation_id.in_(talks)).order_by(n.id))
    return [{"written_at": row.written_at.isoformat(), "text": row.text} for row in rows]


def told_corrections(connection: Connection, talks: Sequence[str]) -> list[dict[str, Any]]:
    """What was said that they meant, as JSON; `line` may be in what the assistant learns from."""
    c = review_corrections.c
    rows = connection.execute(
        sa.select(c.decided_at, c.line, c.intent, c.state).where(c.conversation_id.in_(talks)).order_by(c.id)
    )
    return [{**row._mapping, "decided_at": row.decided_at.isoformat()} for row in rows]


def erase(connection: Connection, talks: Sequence[str]) -> dict[str, int]:
    """Delete all of it; how many rows of each table."""
    stamps = sa.select(review_turns.c.stamp).where(review_turns.c.conversation_id.in_(talks))
    ours = sa.select(turns.c.id).where(turns.c.conversation_id.in_(talks))
    # First: whoever is projecting one of these turns has taken its line, and is waited for.
    waiting = connection.execute(sa.delete(review_pending).where(review_pending.c.turn_id.in_(ours))).rowcount
    marks = connection.execute(sa.delete(review_marks).where(review_marks.c.stamp.in_(stamps))).rowcount
    removed = {"review_pending": waiting, "review_marks": marks, "review_corrections": _forget(connection, talks)}
    for table in _OF_A_TALK:
        removed[table.name] = connection.execute(sa.delete(table).where(table.c.conversation_id.in_(talks))).rowcount
    return removed


def _forget(connection: Connection, talks: Sequence[str]) -> int:
    """Take from corrections what is the person's, and withdraw them: the next export takes their lines out."""
    c = review_corrections.c
    emptied = {"conversation_id": None, "turn_id": None, "line": None, "remarks": sa.null(), "state": "withdrawn"}
    update = sa.update(review_corrections).where(c.conversation_id.in_(talks))
    return connection.execute(update.values(emptied)).rowcount
