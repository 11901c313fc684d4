"""A line to learn from, and when two lines are the same. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from conversations.review.words import words_of

_NUMBER: Final = re.compile(r"\d(?:[\s.\-]?\d){2,}")
_INTENT: Final = re.compile(r"[a-z][a-z0-9_]{1,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A line with its meaning, as a reader decided."""

    id: str
    """The correction's; later ones are greater."""
    intent: str
    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What is to be in the training data, and what must no longer be in it."""

    standing: Sequence[Lesson] = ()
    withdrawn: Collection[str] = frozenset()
    """Ids of corrections that were undone, decided anew, or whose person was forgotten."""


def same_line(text: str) -> str:
    """What two lines share that nobody would call different: case, accents, signs and the digits of numbers aside."""
    folded = words_of(numbers_alike(text))
    return " ".join(folded) or unicodedata.normalize("NFKC", "".join(text.split()))


def numbers_alike(text: str) -> str:
    """The text with every number of three digits or more as the same one, however it is grouped."""
    return _NUMBER.sub("0", text)


def is_intent_name(name: str) -> bool:
    """Whether this can be the name of an intent, and of its file: small letters, digits and underlines."""
    return _INTENT.fullmatch(name) is not None
