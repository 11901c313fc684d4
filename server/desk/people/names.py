"""Finds people by their names: each word that is asked for begins a word of the name, without accents and capitals.

Each database has its own index for it, which migration 0020 makes.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from storage.tables import subscribers

MOST_WORDS: Final = 8
"""Of one search; the others are left out. Our choice."""

FOR_NAMES: Final = "ix_subscribers_name_words", "subscriber_names"
"""How the names of that index and those tables begin. No table of ours tells of them."""

_ACCENTED: Final = "ÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÛÜÙÝŸàâäáãåçéèêëíîïìñóôöòõúûüùýÿ"
_PLAIN: Final = "aaaaaaceeeeiiiinooooouuuuyy" * 2


def words_of(asked: str) -> list[str]:
    """The words that are looked for."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", asked))))[:MOST_WORDS]


def named(dialect: str, conditions: Sequence[sa.ColumnElement[bool]], words: list[str]) -> sa.Select[Any]:
    """The ids of people whose names have all these words, among those of whom these conditions are so."""
    s = subscribers.c
    if dialect == "postgresql":
        return sa.select(s.id).where(*conditions, _on_postgresql(words))
    # The newest first: FTS5 gives them in the order of their numbers, and need not read all who are called alike.
    found = sa.table("subscriber_names_words", sa.column("rowid", sa.Integer))
    number = sa.table("subscriber_names", sa.column("number", sa.Integer), sa.column("subscriber_id", s.id.type))
    matches: Any = sa.text("subscriber_names_words MATCH :words")
    together = found.join(number, number.c.number == found.c.rowid).join(subscribers, s.id == number.c.subscriber_id)
    chosen = sa.select(s.id).select_from(together).where(*conditions)
    wanted = matches.bindparams(words=" ".join(f'"{word}"*' for word in words))
    return chosen.where(wanted).order_by(found.c.rowid.desc())


def _on_postgresql(words: list[str]) -> Any:
    words_of_name = f"regexp_split_to_array({_folded('subscribers.name')}, '\\W+')"
    written = f"array_to_tsvector(array_remove({words_of_name}, ''))"
    asked = " & ".join(f"'{word}':*" for word in words)
    return sa.text(f"{written} @@ CAST({_folded('CAST(:words AS text)')} AS tsquery)").bindparams(words=asked)


def _folded(text: str) -> str:
    return f"translate(lower({text}), '{_ACCENTED}', '{_PLAIN}')"
