"""Which ideas a text speaks of, and which topics that are nobody's business here: words of both languages that stand
for one thing count as one.

`concepts.txt` lists the ideas of the trade: what was learnt from "le livreur est perdu" then says something about "the
rider got lost". `topics.txt` lists what people talk about elsewhere: what was learnt from questions about football
then says something about cricket, and about everything else that is no delivery.
"""

from collections import Counter
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

#: "l'adresse", "d'adresse", "m'appeler": what may stand before the word.
_LONGEST_ELISION = 2
#: Counts for every word of any topic.
ELSEWHERE = "elsewhere"


class WordList:
    """Words, and beginnings of words (written with a star), each with what it stands for."""

    def __init__(self, name: str) -> None:
        """Of the file beside this module. The first line to name a word counts."""
        self._words: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            meaning, listed = line.split(": ", 1)
            for word in listed.split():
                if word.endswith("*"):
                    self._beginnings.setdefault(word[:-1], meaning)
                else:
                    self._words.setdefault(word, meaning)
        self._lengths = sorted({len(beginning) for beginning in self._beginnings}, reverse=True)

    def of(self, word: str) -> "str | None":
        """What a normalised word stands for, if it is listed."""
        if found := self._words.get(word):
            return found
        for length in self._lengths:
            if found := self._beginnings.get(word[:length]):
                return found
        elided, apostrophe, rest = word.partition("'")
        return self.of(rest) if apostrophe and rest and len(elided) <= _LONGEST_ELISION else None


_CONCEPTS = WordList("concepts.txt")
_TOPICS = WordList("topics.txt")

#: People use the same words over and over, and each is asked for more than once.
_REMEMBERED = 4096
concept_of = lru_cache(_REMEMBERED)(_CONCEPTS.of)
topic_of = lru_cache(_REMEMBERED)(_TOPICS.of)


def concept_ngrams(text: str) -> "Counter[str]":
    """Each concept, each two in a row, and each two that occur at all, whichever comes first."""
    concepts = [concept for concept in map(concept_of, text.split()) if concept]
    counts = Counter(concepts)
    counts.update(f"{first} {second}" for first, second in pairwise(concepts))
    different = sorted(set(concepts))
    for place, first in enumerate(different):
        counts.update(f"{first}+{second}" for second in different[place + 1 :])
    return counts


def frame(text: str) -> str:
    """The text with its ideas and topics in the place of the words: what kind of thing is said about what."""
    words = []
    for word in text.split():
        concept = concept_of(word)
        topic = None if concept else topic_of(word)
        words.append(f"<{concept}>" if concept else f"<{ELSEWHERE}:{topic}>" if topic else word)
    return " ".join(words)


def topic_ngrams(text: str) -> "Counter[str]":
    """Each topic, and that there is one: what no example spoke of is known for something else all the same."""
    counts = Counter(topic for topic in map(topic_of, text.split()) if topic)
    if counts:
        counts[ELSEWHERE] = counts.total()
    return counts
