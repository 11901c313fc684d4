"""Finds products and merchants by the words people use for them, typos included."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from demo.backend.words import letters

NAME_WEIGHT = 3  # a word in the name says more than one in the description
LONGEST_EXACT = 3  # letters; in so short a word every typo makes another word
ALIKE = 74  # of 100: "poulé" is as far from "poulet" as that, "pomme" is farther


def best_matches[Value](query: str, values: Sequence[Value], texts: Callable[[Value], tuple[str, str]]) -> list[Value]:
    """The values that hold a word of the query or one like it, best first; all of them for an empty query.

    `texts` gives the name of a value, and what else is said of it.
    """
    wanted = _words(query)
    if not wanted:
        return list(values)
    scores = [_score(wanted, *texts(value)) for value in values]
    ranked = sorted(zip(scores, range(len(values)), strict=True), key=lambda each: (-each[0], each[1]))
    return [values[place] for score, place in ranked if score]


def _score(wanted: list[str], name: str, description: str) -> float:
    """Every word counts as much as it is alike; more in the name, also where it is written in one ("sakasaka")."""
    in_one = re.sub(r"\W", "", letters(name))
    return NAME_WEIGHT * _hits(wanted, [*_words(name), in_one]) + _hits(wanted, _words(description))


def _hits(wanted: list[str], words: list[str]) -> float:
    return sum(max((_likeness(each, word) for word in words), default=0.0) for each in wanted)


def _likeness(wanted: str, word: str) -> float:
    """1.0 for the word and its beginnings ("broch" finds brochettes), less for a typo, 0.0 for another word."""
    if word.startswith(wanted):
        return 1.0
    if len(wanted) <= LONGEST_EXACT:
        return 0.0
    alike = fuzz.ratio(wanted, word)
    return alike / 100 * 0.9 if alike >= ALIKE else 0.0


def _words(text: str) -> list[str]:
    """Different words of three letters or more, in order, without case and accents."""
    return list(dict.fromkeys(re.findall(r"\w{3,}", letters(text))))
