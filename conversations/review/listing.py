"""Lists of talks: which a filter finds, the newest first, a page at a time, and how many there are.

A talk stands where the newest of its turns is that the filter asks for. So a list follows an index of turns from the
newest on, leaves out turns after which the same talk has another such one, and stops when the page is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import is_guest_number
from conversations.review import words
from conversations.review.filters import Filter
from conversations.review.ports import Sends
from conversations.review.searching import Led, led_by_words
from conversations.review.stamps import first_stamp_at
from conversations.review.tables import (
    review_conversations,
    review_marks,
    review_names,
    review_tagged,
    review_tags,
    review_turns,
)
from conversations.tables import handoffs
from storage.tables import conversations, subscribers

PAGE: Final = 40
"""Talks of one page: some screens of them. Our choice."""

MOST_COUNTED: Final = 200
"""A list that is longer is told as "more than": who looks for something does not count further."""


MOST_TOLD: Final = 10_000
"""So far the talks of a view are counted, on every page of the inbox. Our choice: some milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A business's own word for kinds of talks."""

    id: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A talk in a list, at the newest turn that was asked for."""

    conversation_id: str
    stamp: int
    turn_id: str
    person: str | None = field(repr=False)
    text: str = field(repr=False)
    intent: str | None
    confidence: float | None
    is_fallback: bool
    outcome: str
    status: str
    is_flagged: bool
    turn_count: int
    tags: Sequence[Tag] = ()
    waits_for_human: bool = False
    has_failed_sends: bool = False
    is_guest: bool = False
    """Somebody who tries the bot by a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many talks there are to a business, by what readers made of them; more than MOST_TOLD is "more"."""

    unread: int = 0
    reviewed: int = 0
    saved: int = 0
    flagged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.unread + self.reviewed + self.saved


def page(
    connection: Connection, asked: Filter, sends: Sends, before: int | None = None, limit: int = PAGE
) -> tuple[list[Listed], int | None]:
    """Talks that the filter finds, the newest first, and the cursor of the next page (None: there is none)."""
    found, place = _found(connection, asked, sends)
    if before is not None:
        found = found.where(place < before)
    r, c = review_turns.c, review_conversations.c
    rows = connection.execute(
        found.add_columns(
            r.stamp,
            r.turn_id,
            r.text,
            r.intent,
            r.confidence,
            r.is_fallback,
            r.outcome,
            c.status,
            c.is_flagged,
            c.turn_count,
            c.phone_number_id,
        )
        .order_by(place.desc())
        .limit(limit + 1)
    ).all()
    listed = _complete(connection, asked, sends, rows[:limit])
    return listed, listed[-1].stamp if len(rows) > limit else None


def count(connection: Connection, asked: Filter, sends: Sends, most: int = MOST_COUNTED) -> int:
    """How many talks it finds, counted no further than to `most` + 1."""
    found, place = _found(connection, asked, sends)
    first = found.order_by(place.desc()).limit(most + 1).subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(first)) or 0)


def one(connection: Connection, business_ids: Sequence[str] | None, conversation_id: str, sends: Sends) -> Any:
    """One talk as lists show it, and its business; None where it is not of these businesses (None: of any)."""
    c, r = review_conversations.c, review_turns.c
    query = (
        sa.select(
            c.conversation_id,
            c.business_id,
            r.stamp,
            r.turn_id,
            r.text,
            r.intent,
            r.confidence,
            r.is_fallback,
            r.outcome,
            c.status,
            c.is_flagged,
            c.turn_count,
            c.phone_number_id,
        )
        .join(review_turns, r.stamp == c.last_stamp)
        .where(c.conversation_id == conversation_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None or (business_ids is not None and row.business_id not in business_ids):
        return None
    (listed,) = _complete(connection, Filter(business_id=row.business_id), sends, [row])
    return row.business_id, listed


def counts(connection: Connection, business_id: str, most: int = MOST_TOLD) -> Counts:
    """How many talks there are, each counted no further than to `most` + 1."""
    c = review_conversations.c

    def counted(*which: sa.ColumnElement[bool]) -> Any:
        first = sa.select(c.last_stamp).where(c.business_id == business_id, *which).limit(most + 1).subquery()
        return sa.select(sa.func.count()).select_from(first).scalar_subquery()

    by_status = [counted(c.status == status).label(status) for status in ("unread", "reviewed", "saved")]
    row = connection.execute(sa.select(*by_status, counted(c.is_flagged).label("flagged"))).one()
    return Counts(**row._mapping)


def names(connection: Connection, business_id: str) -> dict[str, list[str]]:
    """Every intent, entity, action, slot and language that ever occurred, by kind."""
    n = review_names.c
    found: dict[str, list[str]] = {}
    for row in connection.execute(
        sa.select(n.kind, n.name).where(n.business_id == business_id).order_by(n.kind, n.name)
    ):
        found.setdefault(row.kind, []).append(row.name)
    return found


def _found(connection: Connection, asked: Filter, sends: Sends) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """The talks and turns of a list, without order; and the number by which they are ordered."""
    r, c = review_turns.c, review_conversations.c
    talk = _of_talk(asked, sends)
    if not asked.asks_of_turns:
        together = sa.join(review_conversations, review_turns, r.stamp == c.last_stamp)
        ours = c.business_id == asked.business_id
        return sa.select(c.conversation_id).select_from(together).where(ours, *talk), c.last_stamp
    together, searched, place = _led_by(connection, asked)
    together = together.join(review_conversations, c.conversation_id == r.conversation_id)
    newer = review_turns.alias("newer")
    has_newer = sa.exists().where(
        newer.c.conversation_id == r.conversation_id, newer.c.stamp > r.stamp, *_of_turn(asked, newer)
    )
    own = [r.business_id == asked.business_id, *_of_turn(asked, review_turns, is_searched=bool(searched))]
    return sa.select(r.conversation_id).select_from(together).where(*own, *searched, *talk, ~has_newer), place


def _led_by(connection: Connection, asked: Filter) -> Led:
    """Where the database begins to look: the words, else what occurred, else the turns; with what that asks for."""
    r, m = review_turns.c, review_marks.c
    wanted = words.asked(asked.text)
    if wanted:
        return led_by_words(connection, asked.business_id, wanted)
    if asked.marks:
        kind, name = asked.marks[0]
        has_mark = [m.business_id == asked.business_id, m.kind == kind, m.name == name]
        return sa.join(review_marks, review_turns, r.stamp == m.stamp), has_mark, m.stamp
    return review_turns, [], r.stamp


def _of_turn(asked: Filter, turn: Any, *, is_searched: bool = False) -> list[sa.ColumnElement[bool]]:
    """What is asked of a turn, but for what the database was led by."""
    r = turn.c
    wanted = words.asked(asked.text)
    conditions: list[tuple[object, sa.ColumnElement[bool]]] = [
        (asked.below is not None, r.confidence < (asked.below or 0)),
        (asked.is_fallback, r.is_fallback),
        (asked.is_parked, r.outcome == "parked"),
        (asked.intent, r.intent == asked.intent),
        (asked.since, r.stamp >= first_stamp_at(asked.since) if asked.since else sa.true()),
        (asked.until, r.stamp < first_stamp_at(asked.until) if asked.until else sa.true()),
    ]
    chosen = [condition for is_asked, condition in conditions if is_asked]
    if wanted and not is_searched:
        chosen += [r.words.like(f"% {word}%") for word in wanted]
    for kind, name in asked.marks[1 if is_searched and not wanted else 0 :]:
        m = review_marks.alias().c
        chosen.append(
            sa.exists().where(m.business_id == asked.business_id, m.kind == kind, m.name == name, m.stamp == r.stamp)
        )
    return chosen


def _of_talk(asked: Filter, sends: Sends) -> list[sa.ColumnElement[bool]]:
    c, g = review_conversations.c, review_tagged.c
    tagged = sa.select(g.conversation_id).where(g.tag_id == asked.tag_id)
    handed_over = sa.select(handoffs.c.conversation_id).where(handoffs.c.business_id == asked.business_id)
    conditions: list[tuple[object, Any]] = [
        (asked.status, c.status == asked.status),
        (asked.is_flagged, c.is_flagged),
        (asked.language, c.language == asked.language),
        (asked.number, c.phone_number_id == asked.number),
        (asked.at_least, c.turn_count >= (asked.at_least or 0)),
        (asked.tag_id, c.conversation_id.in_(tagged)),
        (asked.with_human, c.conversation_id.in_(handed_over)),
        (asked.failed_sends, c.conversation_id.in_(sends.failed_talks(asked.business_id))),
    ]
    # The business is asked of the turn: asked of the talk too, SQLite would read all talks before it begins.
    return [condition for is_asked, condition in conditions if is_asked]


def _complete(connection: Connection, asked: Filter, sends: Sends, rows: Sequence[Any]) -> list[Listed]:
    """With what stands in other tables, asked for once for all of them."""
    ids = [row.conversation_id for row in rows]
    people = _by_talk(
        connection,
        sa.select(conversations.c.id, subscribers.c.name)
        .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .where(conversations.c.id.in_(ids)),
    )
    failed = set(connection.scalars(_only(sends.failed_talks(asked.business_id), ids)))
    waiting = sa.select(handoffs.c.conversation_id).where(
        handoffs.c.conversation_id.in_(ids), handoffs.c.state == "waiting"
    )
    waits = set(connection.scalars(waiting))
    tags = tags_of(connection, ids)
    return [
        Listed(
            **{name: value for name, value in row._mapping.items() if name not in ("business_id", "phone_number_id")},
            is_guest=is_guest_number(row.phone_number_id),
            person=people.get(row.conversation_id),
            tags=tags.get(row.conversation_id, ()),
            waits_for_human=row.conversation_id in waits,
            has_failed_sends=row.conversation_id in failed,
        )
        for row in rows
    ]


def tags_of(connection: Connection, conversation_ids: Sequence[str]) -> dict[str, list[Tag]]:
    """The tags of these talks, by name."""
    g, t = review_tagged.c, review_tags.c
    found: dict[str, list[Tag]] = {}
    for row in connection.execute(
        sa.select(g.conversation_id, t.id, t.name, t.colour)
        .join(review_tags, t.id == g.tag_id)
        .where(g.conversation_id.in_(conversation_ids))
        .order_by(t.name)
    ):
        found.setdefault(row.conversation_id, []).append(Tag(id=row.id, name=row.name, colour=row.colour))
    return found


def _only(talks: sa.Select[Any], ids: Sequence[str]) -> sa.Select[Any]:
    (column,) = talks.selected_columns
    return talks.where(column.in_(ids))


def _by_talk(connection: Connection, query: sa.Select[Any]) -> dict[str, Any]:
    return {key: value for key, value in connection.execute(query)}
