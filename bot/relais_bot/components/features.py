"""What the models see of a text: n-grams of one or several kinds, side by side in one vector."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from relais_bot.components.concepts import concept_ngrams, frame, topic_ngrams
from relais_bot.components.ngrams import Array, Count, NgramWeights, Vector, character_ngrams, word_ngrams

_ARRAYS = "features.npz"
_NAMES = "features.json"

_three_words = word_ngrams(3)

KINDS: "dict[str, Count]" = {
    "characters 1-4": character_ngrams(1, 4),
    "characters 1-5": character_ngrams(1, 5),
    "words 1-2": word_ngrams(2),
    "concepts": concept_ngrams,
    "topics": topic_ngrams,
    "frames 1-3": lambda text: _three_words(frame(text)),
}


@dataclass(frozen=True)
class Part:
    """One kind of n-grams, how much it counts beside the others, and whether unknown ones shorten the vector.

    N-grams of fewer than `at_least` examples are as unknown as those of none.
    """

    kind: str
    share: float = 1.0
    minds_unknown: bool = False
    at_least: int = 1


#: Spelling alone, and a language is told from known words however many unknown ones stand around.
FOR_LANGUAGE = (Part("characters 1-4"),)
#: Word order tells "annuler ma commande" from "ma commande est annulée". Unknown n-grams are the best sign there is
#: of what is none of our business. Concepts tell what words of two languages have in common, topics what is spoken
#: of elsewhere. Shares were found by training on some authors' lines and testing on another's.
FOR_MEANING = (
    Part("characters 1-5", 1.0, minds_unknown=True),
    Part("words 1-2", 1.25, minds_unknown=True),
    Part("concepts", 0.5),
    Part("topics", 0.5),
)
#: How things are said, whatever the words: "where is <my> <parcel>" has the frame of "where is <my> <order>", and not
#: that of "where is <my> husband". Those of one example alone are most of them, and tell next to nothing.
FOR_SCOPE = (Part("frames 1-3", minds_unknown=True, at_least=2),)


class Features:
    """The n-grams of the training texts, by kind."""

    def __init__(self, parts: Sequence[Part], weights: "Sequence[NgramWeights]") -> None:
        self._parts = tuple(parts)
        self._weights = tuple(weights)
        self.size = sum(len(each.ngrams) for each in weights)

    @classmethod
    def learn(cls, parts: Sequence[Part], texts: Sequence[str]) -> "Features":
        learnt = (
            NgramWeights.learn(texts, KINDS[part.kind], minds_unknown=part.minds_unknown, at_least=part.at_least)
            for part in parts
        )
        return cls(parts, list(learnt))

    def vector(self, text: str) -> Vector:
        """Positions and values; both empty when nothing in the text is known."""
        positions, values, start = [], [], 0
        for part, weights in zip(self._parts, self._weights, strict=True):
            places, found = weights.vector(text)
            positions.append(places + start)
            values.append(found * part.share)
            start += len(weights.ngrams)
        return np.concatenate(positions), np.concatenate(values)

    def columns(self, kinds: Iterable[str]) -> Array:
        """Which places of the vector belong to one of these kinds."""
        wanted = set(kinds)
        lengths = [len(each.ngrams) for each in self._weights]
        return np.flatnonzero(np.repeat([part.kind in wanted for part in self._parts], lengths))

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text, for training."""
        texts = list(texts)
        return hstack(
            [w.matrix(texts) * part.share for part, w in zip(self._parts, self._weights, strict=True)]
        ).tocsr()

    def save(self, folder: Path) -> None:
        arrays: dict[str, Array] = {str(place): each.weights for place, each in enumerate(self._weights)}
        np.savez(folder / _ARRAYS, **arrays)
        names = [
            {"kind": p.kind, "share": p.share, "unknown_weight": w.unknown_weight, "ngrams": w.ngrams}
            for p, w in zip(self._parts, self._weights, strict=True)
        ]
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Features":
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        parts = [Part(each["kind"], each["share"], each["unknown_weight"] > 0) for each in names]
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            weights = [
                NgramWeights(KINDS[each["kind"]], each["ngrams"], arrays[str(place)], each["unknown_weight"])
                for place, each in enumerate(names)
            ]
        return cls(parts, weights)
