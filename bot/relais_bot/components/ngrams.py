"""Turns text into weighted n-grams of characters and of words, without scikit-learn's overhead.

Terms are damped (1 + log of their count) and weighted by how rare they are, as in TF-IDF. The same code serves
training and prediction, so the two cannot drift apart; a test compares it with scikit-learn's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

Array = np.ndarray[Any, Any]
Vector = tuple[Array, Array]
Count = Callable[[str], "Counter[str]"]

_START, _END = "‹", "›"
_UNKNOWN = -1


def character_ngrams(shortest: int, longest: int) -> Count:
    """Inside words only, each padded with a space on both sides. A word shorter than n counts once, whole."""

    def count(text: str) -> "Counter[str]":
        counts: Counter[str] = Counter()
        for word in text.split():
            padded = f" {word} "
            for n in range(shortest, longest + 1):
                if n >= len(padded):
                    counts[padded] += 1
                    break
                counts.update([padded[i : i + n] for i in range(len(padded) - n + 1)])
        return counts

    return count


def word_ngrams(longest: int) -> Count:
    """Up to `longest` words in a row. The start and the end of the message are words too, but not by themselves."""

    def count(text: str) -> Counter[str]:
        words = text.split()
        counts = Counter(words)
        words = [_START, *words, _END]
        for n in range(2, longest + 1):
            counts.update(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))
        return counts

    return count


class NgramWeights:
    """The vocabulary of the training texts, and how much each n-gram tells.

    With `minds_unknown` the n-grams that no training text had weigh as much as the rarest known one: the vector of
    a text full of them is short, and what is predicted from it is doubtful. Without, it is as long as any other.
    """

    def __init__(self, count: Count, ngrams: Sequence[str], weights: Array, unknown_weight: float = 0.0) -> None:
        self.ngrams = list(ngrams)
        self.weights = weights
        self.unknown_weight = unknown_weight
        self._count = count
        self._index = {ngram: position for position, ngram in enumerate(self.ngrams)}
        self._blank = self._index.get(" ", _UNKNOWN)

    @classmethod
    def learn(
        cls, texts: Iterable[str], count: Count, *, minds_unknown: bool = False, at_least: int = 1
    ) -> "NgramWeights":
        """Smoothed inverse document frequency, over n-grams in alphabetical order (so training is repeatable).

        Those of fewer than `at_least` texts are left out.
        """
        documents: Counter[str] = Counter()
        size = 0
        for text in texts:
            documents.update(count(text).keys())
            size += 1
        ngrams = sorted(ngram for ngram, times in documents.items() if times >= at_least)
        frequencies = np.array([documents[ngram] for ngram in ngrams], dtype=np.float64)
        weights = np.log((1 + size) / (1 + frequencies)) + 1
        return cls(count, ngrams, weights, float(np.log(1 + size) + 1) if minds_unknown else 0.0)

    def vector(self, text: str) -> Vector:
        """Positions and values of the n-grams that occur; both empty when none but the blank is known."""
        counts = self._count(text)
        places = np.array([self._index.get(ngram, _UNKNOWN) for ngram in counts], dtype=np.intp)
        damped = 1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
        known = places != _UNKNOWN
        if not (known & (places != self._blank)).any():
            return np.empty(0, dtype=np.intp), np.empty(0)
        positions = places[known]
        values = damped[known] * self.weights[positions]
        unknown = damped[~known] * self.unknown_weight
        return positions, values / np.sqrt(values @ values + unknown @ unknown)

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text, for training."""
        vectors = [self.vector(text) for text in texts]
        ends = np.cumsum([0] + [len(positions) for positions, _ in vectors])
        positions = np.concatenate([positions for positions, _ in vectors])
        values = np.concatenate([values for _, values in vectors])
        return csr_matrix((values, positions, ends), shape=(len(vectors), len(self.ngrams)))
