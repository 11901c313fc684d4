"""What readers make of a talk: read or saved for later, flagged, tagged, noted; and the filters they keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.filters import STATUSES
from conversations.review.listing import Tag
from conversations.review.tables import (
    review_conversations,
    review_filters,
    review_notes,
    review_tagged,
    review_tags,
)
from storage.insert import insert_new
from storage.types import new_id

COLOURS: Final = ("grey", "red", "orange", "green", "blue", "purple")
MAX_TAG: Final = 40
"""Characters of a tag's name."""
MAX_NOTE: Final = 4000
"""Characters of a note."""
MAX_FILTER_NAME: Final = 60
"""Characters of the name of a kept filter."""


class BadNote(ValueError):
    """A tag, a note or a filter cannot be kept so; the message names what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a member of the staff wrote about a talk."""

    id: str
    author: str
    text: str = field(repr=False)
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFilter:
    """A filter under a name, as the address of its list has it."""

    id: str
    name: str
    asked: Mapping[str, str]


def set_status(connection: Connection, conversation_id: str, status: str) -> None:
    """Make it unread, reviewed, or saved for later. Raises BadNote."""
    if status not in STATUSES:
        raise BadNote(f"A talk is one of {', '.join(STATUSES)}, not {status!r}.")
    _set(connection, conversation_id, status=status)


def set_flag(connection: Connection, conversation_id: str, is_flagged: bool) -> None:
    """Flag it, or take the flag away."""
    _set(connection, conversation_id, is_flagged=is_flagged)


def tag(connection: Connection, business_id: str, conversation_id: str, name: str, colour: str) -> None:
    """Tag a talk; a tag of that name is made where the business has none. Raises BadNote."""
    plain = " ".join(name.split())
    if not 0 < len(plain) <= MAX_TAG:
        raise BadNote(f"A tag's name has 1 to {MAX_TAG} characters.")
    if colour not in COLOURS:
        raise BadNote(f"A tag's colour is one of {', '.join(COLOURS)}, not {colour!r}.")
    t = review_tags.c
    insert_new(
        connection, review_tags, {"id": new_id(), "business_id": business_id, "name": plain, "colour": colour}, t.id
    )
    tag_id = connection.scalar(sa.select(t.id).where(t.business_id == business_id, t.name == plain))
    row = {"conversation_id": conversation_id, "tag_id": tag_id, "business_id": business_id}
    insert_new(connection, review_tagged, row, review_tagged.c.tag_id)


def untag(connection: Connection, conversation_id: str, tag_id: str) -> None:
    """Take a tag off a talk."""
    g = review_tagged.c
    connection.execute(sa.delete(review_tagged).where(g.conversation_id == conversation_id, g.tag_id == tag_id))


def tags(connection: Connection, business_id: str) -> list[Tag]:
    """The tags that a business has, by name."""
    t = review_tags.c
    rows = connection.execute(sa.select(t.id, t.name, t.colour).where(t.business_id == business_id).order_by(t.name))
    return [Tag(**row._mapping) for row in rows]


def note(
    connection: Connection,
    business_id: str,
    conversation_id: str,
    text: str,
    *,
    member_id: str,
    author: str,
    now: datetime,
) -> None:
    """Write something about a talk. Raises BadNote."""
    if not 0 < len(text.strip()) <= MAX_NOTE:
        raise BadNote(f"A note has 1 to {MAX_NOTE} characters.")
    row = {"id": new_id(), "business_id": business_id, "conversation_id": conversation_id}
    said = {"member_id": member_id, "author": author, "text": text.strip(), "written_at": now}
    connection.execute(sa.insert(review_notes).values(row | said))


def notes(connection: Connection, conversation_id: str) -> list[Note]:
    """What was written about it, the oldest first."""
    n = review_notes.c
    rows = connection.execute(
        sa.select(n.id, n.author, n.text, n.written_at).where(n.conversation_id == conversation_id).order_by(n.id)
    )
    return [Note(**row._mapping) for row in rows]


def keep_filter(connection: Connection, business_id: str, member_id: str, name: str, asked: Mapping[str, str]) -> None:
    """Keep a filter of a member's under a name; the same name again replaces it. Raises BadNote."""
    plain, f = " ".join(name.split()), review_filters.c
    if not 0 < len(plain) <= MAX_FILTER_NAME:
        raise BadNote(f"The name of a filter has 1 to {MAX_FILTER_NAME} characters.")
    same = (f.business_id == business_id) & (f.member_id == member_id) & (f.name == plain)
    connection.execute(sa.delete(review_filters).where(same))
    row = {"id": new_id(), "business_id": business_id, "member_id": member_id, "name": plain, "asked": dict(asked)}
    connection.execute(sa.insert(review_filters).values(row))


def drop_filter(connection: Connection, member_id: str, filter_id: str) -> None:
    """Forget a filter of a member's own."""
    f = review_filters.c
    connection.execute(sa.delete(review_filters).where(f.id == filter_id, f.member_id == member_id))


def filters(connection: Connection, business_id: str, member_id: str) -> Sequence[KeptFilter]:
    """A member's filters, by name."""
    f = review_filters.c
    rows = connection.execute(
        sa.select(f.id, f.name, f.asked).where(f.business_id == business_id, f.member_id == member_id).order_by(f.name)
    )
    return [KeptFilter(**row._mapping) for row in rows]


def _set(connection: Connection, conversation_id: str, **values: Any) -> None:
    c = review_conversations.c
    connection.execute(sa.update(review_conversations).where(c.conversation_id == conversation_id).values(values))
