"""Where a search by words begins: at the words of an index, whose turns are joined to it; each database in its way."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.tables import review_turns

RARE: Final = 5000
"""Turns up to which words are rare: these are found first and then put in order. More frequent words are come across
soon enough when turns are read from the newest on."""

type Led = tuple[Any, list[sa.ColumnElement[bool]], sa.ColumnElement[int]]
"""What is read, under which conditions, and the number by which it is ordered."""


def led_by_words(connection: Connection, business_id: str, words: Sequence[str], rare: int = RARE) -> Led:
    """Turns of a business in which each of these begins a word."""
    r = review_turns.c
    if connection.dialect.name == "sqlite":
        found = sa.table("review_words", sa.column("rowid", sa.Integer))
        matches: Any = sa.text("review_words MATCH :words").bindparams(words=" ".join(f'"{word}"*' for word in words))
        return sa.join(found, review_turns, r.stamp == found.c.rowid), [matches], found.c.rowid
    said: Any = sa.text(
        "array_to_tsvector(string_to_array(btrim(review_turns.words), ' ')) @@ CAST(:words AS tsquery)"
    ).bindparams(words=" & ".join(f"'{word}':*" for word in words))
    matching = sa.select(r.stamp).where(r.business_id == business_id, said)
    # PostgreSQL takes the beginning of any word for a frequent one, and would read everything to find what is rare.
    counted = sa.select(sa.func.count()).select_from(matching.limit(rare + 1).subquery())
    if (connection.scalar(counted) or 0) > rare:
        return review_turns, [said], r.stamp
    first = matching.cte("searched").prefix_with("MATERIALIZED")
    return sa.join(first, review_turns, r.stamp == first.c.stamp), [sa.true()], first.c.stamp
