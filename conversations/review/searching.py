"""Where a search by words begins: at the words of an index, whose turns are joined to it; each database in its way."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.tables import review_turns

NEWEST: Final = 2000
OFTEN: Final = 40
"""Words that so many of the newest turns have are come across soon enough when turns are read from the newest on."""

RARE: Final = 5000
"""Turns up to which other words are found first, and then put in order."""

type Led = tuple[Any, list[sa.ColumnElement[bool]], sa.ColumnElement[int]]
"""What is read, under which conditions, and the number by which it is ordered."""


def led_by_words(
    connection: Connection, business_id: str, words: Sequence[str], *, often: int = OFTEN, rare: int = RARE
) -> Led:
    """Turns of a business in which each of these begins a word."""
    r = review_turns.c
    if connection.dialect.name == "sqlite":
        found = sa.table("review_words", sa.column("rowid", sa.Integer))
        matches: Any = sa.text("review_words MATCH :words").bindparams(words=" ".join(f'"{word}"*' for word in words))
        return sa.join(found, review_turns, r.stamp == found.c.rowid), [matches], found.c.rowid
    asked = " & ".join(f"'{word}':*" for word in words)
    said = _said("review_turns", asked)
    newest = sa.select(r.words).where(r.business_id == business_id).order_by(r.stamp.desc()).limit(NEWEST)
    counted = sa.select(sa.func.count()).select_from(newest.subquery("newest")).where(_said("newest", asked))
    if (connection.scalar(counted) or 0) >= often:
        return review_turns, [said], r.stamp
    # PostgreSQL takes the beginning of any word for a frequent one, and would read everything to find what is rare:
    # what it is to find first stands by itself, without an order, and is read no further than the limit.
    first = sa.select(r.stamp).where(r.business_id == business_id, said).cte("searched").prefix_with("MATERIALIZED")
    stamps = connection.scalars(sa.select(first.c.stamp).limit(rare + 1)).all()
    if len(stamps) > rare:
        return review_turns, [said], r.stamp
    return review_turns, [r.stamp.in_(stamps)], r.stamp


def _said(turns: str, asked: str) -> Any:
    """As the index of migration 0007 has it."""
    words = f"array_to_tsvector(string_to_array(btrim({turns}.words), ' '))"
    return sa.text(f"{words} @@ CAST(:words AS tsquery)").bindparams(words=asked)
