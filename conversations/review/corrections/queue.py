"""The lines that were not understood, or only just, and of which nobody has said yet what they mean."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping
from conversations.review.corrections.diverse import Doubt, ordered
from conversations.review.facts import FALLBACK_INTENT, Guess
from conversations.review.stamps import moment_of
from conversations.review.tables import review_corrections, review_turns
from conversations.review.unsure import uncertainty

LOOKED_AT: Final = 400
"""The newest such lines of a business, out of which a page is chosen: comparing them takes some ten milliseconds. Older
ones come up as these are dealt with."""

PAGE: Final = 20
"""Groups of one page. Our choice."""

MOST_COUNTED: Final = 99
MOST_FOLDED: Final = 50
"""Lines of one group that are dealt with at once; what is left comes up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A line, with those that are nearly the same."""

    turn_id: str
    conversation_id: str
    text: str = field(repr=False)
    line: str = field(repr=False)
    """As it would be taught."""
    at: datetime
    intent: str | None
    confidence: float | None
    is_fallback: bool
    language: str | None
    guesses: Sequence[Guess]
    """What it may have meant, the likeliest first."""
    alike: Sequence[tuple[str, str]] = field(default=(), repr=False)
    """Turn and text of the others."""

    @property
    def turn_ids(self) -> list[str]:
        """All of them."""
        return [self.turn_id, *(turn_id for turn_id, _ in self.alike)]


def page(connection: Connection, business_id: str, most: int = PAGE) -> list[Unclear]:
    """The lines to look at next: the least certain first, each unlike those before it."""
    r = review_turns.c
    query = (
        _columns().where(r.business_id == business_id, *_waiting(connection)).order_by(r.stamp.desc()).limit(LOOKED_AT)
    )
    rows = {row.turn_id: row for row in connection.execute(query)}
    doubts = [
        Doubt(
            key=row.turn_id,
            text=row.text,
            uncertainty=uncertainty(row.confidence, row.margin, is_fallback=row.is_fallback),
        )
        for row in rows.values()
    ]
    groups = [[rows[key] for key in group.keys[:MOST_FOLDED]] for group in ordered(doubts, most)]
    return _complete(connection, groups)


def group(connection: Connection, business_ids: Collection[str] | None, turn_ids: Sequence[str]) -> Unclear | None:
    """These lines as one, as far as they are there."""
    r = review_turns.c
    ours = [] if business_ids is None else [r.business_id.in_(sorted(business_ids))]
    found = {row.turn_id: row for row in connection.execute(_columns().where(r.turn_id.in_(turn_ids), *ours))}
    rows = [found[turn_id] for turn_id in turn_ids if turn_id in found]
    return _complete(connection, [rows])[0] if rows else None


def businesses_of(connection: Connection, turn_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The business and the talk of each of these turns that is there."""
    r = review_turns.c
    query = sa.select(r.turn_id, r.business_id, r.conversation_id).where(r.turn_id.in_(turn_ids))
    return {row.turn_id: (row.business_id, row.conversation_id) for row in connection.execute(query)}


def _columns() -> sa.Select[Any]:
    r = review_turns.c
    return sa.select(
        r.stamp, r.turn_id, r.conversation_id, r.text, r.intent, r.confidence, r.margin, r.is_fallback, r.language
    )


def _complete(connection: Connection, groups: Sequence[Sequence[Any]]) -> list[Unclear]:
    first = [rows[0] for rows in groups]
    facts = keeping.facts_of_turns(connection, [row.turn_id for row in first])
    people = keeping.names_of(connection, {row.conversation_id for row in first})
    return [
        Unclear(
            turn_id=row.turn_id,
            conversation_id=row.conversation_id,
            text=row.text,
            line=keeping.line_of(facts[row.turn_id], people.get(row.conversation_id)),
            at=moment_of(row.stamp),
            intent=row.intent,
            confidence=row.confidence,
            is_fallback=row.is_fallback,
            language=facts[row.turn_id].line_language or row.language,
            guesses=guesses(facts[row.turn_id].ranking),
            alike=[(each.turn_id, each.text) for each in rows[1:]],
        )
        for row, rows in zip(first, groups, strict=True)
    ]


def guesses(ranking: Sequence[Guess]) -> list[Guess]:
    """Of what it may have meant, what is a meaning, the likeliest first."""
    return sorted((each for each in ranking if each.intent != FALLBACK_INTENT), key=lambda each: -each.confidence)


def count(connection: Connection, business_ids: Collection[str] | None, most: int = MOST_COUNTED) -> int:
    """How many lines there are at these businesses (None: at all), counted no further than to `most` + 1."""
    r = review_turns.c
    ours = [] if business_ids is None else [r.business_id.in_(sorted(business_ids))]
    found = sa.select(r.stamp).where(*ours, *_waiting(connection)).limit(most + 1).subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(found)) or 0)


def _waiting(connection: Connection) -> list[Any]:
    c = review_corrections.c
    decided = sa.exists().where(c.turn_id == review_turns.c.turn_id, sa.text("review_corrections.state = 'standing'"))
    # Written as the index has it: bound or spelled otherwise, SQLite would read the whole table.
    is_unsure = "review_turns.is_unsure" if connection.dialect.name == "postgresql" else "review_turns.is_unsure = 1"
    return [sa.text(is_unsure), ~decided]
