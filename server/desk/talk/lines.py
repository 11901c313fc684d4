"""Reads a stretch of a talk as it is drawn: what came and what left in one order, each as a bubble."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review import talk
from conversations.review.talk import Heard
from notifications.tables import api_keys
from notifications.talks import SentMessage, TalkSends
from server.desk.talk import bubbles
from server.desk.talk.bubbles import Bubble
from staff.tables import staff_members

SENDS: Final = TalkSends()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bubble of a talk, with what stands behind it."""

    at: datetime
    bubble: Bubble
    heard: Heard | None = None
    sent: SentMessage | None = None
    author: str | None = None
    """Who of the desk wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A stretch of a talk, the oldest first."""

    lines: Sequence[Line]
    older_than: str | None
    """The id before which there is more; None where this begins the talk."""
    newer_than: str | None
    """The id from which on there is more; None where this ends the talk."""


def read_lines(
    connection: Connection, conversation_id: str, *, before: str | None = None, around: str | None = None
) -> Lines:
    """The newest stretch, or the one before this message, or the one around this turn."""
    part = talk.stretch(connection, conversation_id, before=before, around=around)
    # What was pushed before the person first wrote belongs to the beginning.
    first = part.heard[0].id if part.heard and part.older_than else None
    sent = SENDS.said_in(connection, conversation_id, first, part.newer_than)
    authors = names_of(connection, {each.author_id for each in sent if each.author_id})
    lines = [Line(at=each.sent_at, bubble=bubbles.heard(each.kind, each.raw), heard=each) for each in part.heard]
    lines += [
        Line(
            at=each.at,
            bubble=bubbles.said(each.payload, each.said),
            sent=each,
            author=authors.get(each.author_id or ""),
        )
        for each in sent
    ]
    return Lines(lines=sorted(lines, key=_order), older_than=part.older_than, newer_than=part.newer_than)


def names_of(connection: Connection, author_ids: Collection[str]) -> dict[str, str]:
    """What those are called who answer: members of the staff, and keys of systems in which the team answers."""
    found: dict[str, str] = {}
    for table in (staff_members, api_keys) if author_ids else ():
        rows = connection.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(author_ids)))
        found |= {row.id: row.name for row in rows}
    return found


def _order(line: Line) -> str:
    """Ids of both sides are ordered by the moment they were made."""
    return line.heard.id if line.heard is not None else line.sent.id if line.sent is not None else ""
