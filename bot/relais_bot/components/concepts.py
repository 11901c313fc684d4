"""Which ideas a text speaks of: words of both languages that stand for one idea count as one.

`concepts.txt` lists them. What was learnt from "le livreur est perdu" then says something about "the rider got lost".
"""

from collections import Counter
from importlib.resources import files
from itertools import pairwise

#: "l'adresse", "d'adresse", "m'appeler": what may stand before the word.
_LONGEST_ELISION = 2


def _read() -> "tuple[dict[str, str], dict[str, str]]":
    """Words, and beginnings of words (written with a star), each with its concept; the first line to name it counts."""
    words: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for line in files(__package__).joinpath("concepts.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        concept, listed = line.split(": ", 1)
        for word in listed.split():
            if word.endswith("*"):
                beginnings.setdefault(word[:-1], concept)
            else:
                words.setdefault(word, concept)
    return words, beginnings


_WORDS, _BEGINNINGS = _read()
_LENGTHS = sorted({len(beginning) for beginning in _BEGINNINGS}, reverse=True)


def concept_of(word: str) -> "str | None":
    """What a normalised word stands for, if that is listed.."""
    if found := _WORDS.get(word):
        return found
    for length in _LENGTHS:
        if found := _BEGINNINGS.get(word[:length]):
            return found
    elided, apostrophe, rest = word.partition("'")
    return concept_of(rest) if apostrophe and rest and len(elided) <= _LONGEST_ELISION else None


def concept_ngrams(text: str) -> "Counter[str]":
    """Each concept, each two in a row, and each two that occur at all, whichever comes first."""
    concepts = [concept for concept in map(concept_of, text.split()) if concept]
    counts = Counter(concepts)
    counts.update(f"{first} {second}" for first, second in pairwise(concepts))
    different = sorted(set(concepts))
    for place, first in enumerate(different):
        counts.update(f"{first}+{second}" for second in different[place + 1 :])
    return counts
