"""Words as the search knows them: without accents and capitals, the same on both databases. Pure.

What databases do with accents and scripts differs, so the words are made here and they only compare them.
"""

import unicodedata
from typing import Final

MOST_ASKED: Final = 8
"""Words of one search that are looked for; the others are left out. Our choice."""

_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def words_of(text: str) -> list[str]:
    """The words of a text, in their order: small ASCII letters and digits; other letters spelled as numbers."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LIGATURES)
    kept = (_spelled(char) for char in plain if not unicodedata.combining(char))
    return "".join(kept).split()


def as_kept(text: str) -> str:
    """The words as a row keeps them: each between blanks, so that ` bon` finds what begins so."""
    found = words_of(text)
    return f" {' '.join(found)} " if found else ""


def asked(text: str) -> list[str]:
    """What a search looks for: each is the beginning of a word."""
    return list(dict.fromkeys(words_of(text)))[:MOST_ASKED]


def _spelled(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() else " "
    # Each letter by itself, so that the beginning of a word is the beginning of its spelling.
    return f"u{ord(char):x}z" if char.isalnum() else " "
