"""Turns text into weighted character n-grams, the way scikit-learn's `char_wb` TF-IDF does, without its overhead.

N-grams stay inside words, and words are padded with a space on both sides. Term counts are damped (1 + log),
weighted by how rare the n-gram is, and the vector has length one. The same code serves training and
prediction, so the two cannot drift apart; a test compares it with scikit-learn's.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

NGRAM_RANGE = (1, 4)

Array = np.ndarray[Any, Any]


def count_ngrams(text: str, ngram_range: tuple[int, int] = NGRAM_RANGE) -> Counter[str]:
    """How often each n-gram occurs. A word shorter than n counts once, whole."""
    shortest, longest = ngram_range
    counts: Counter[str] = Counter()
    for word in text.split():
        padded = f" {word} "
        for n in range(shortest, longest + 1):
            if n >= len(padded):
                counts[padded] += 1
                break
            counts.update([padded[i : i + n] for i in range(len(padded) - n + 1)])
    return counts


class NgramWeights:
    """The vocabulary of the training texts, and how much each n-gram tells."""

    def __init__(self, ngrams: Sequence[str], weights: Array) -> None:
        self.ngrams = list(ngrams)
        self.weights = weights
        self._index = {ngram: position for position, ngram in enumerate(self.ngrams)}

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "NgramWeights":
        """Smoothed inverse document frequency, over n-grams in alphabetical order (so training is repeatable)."""
        documents: Counter[str] = Counter()
        size = 0
        for text in texts:
            documents.update(count_ngrams(text).keys())
            size += 1
        ngrams = sorted(documents)
        frequencies = np.array([documents[ngram] for ngram in ngrams], dtype=np.float64)
        return cls(ngrams, np.log((1 + size) / (1 + frequencies)) + 1)

    def vector(self, text: str) -> tuple[Array, Array]:
        """Positions and values of the n-grams that occur; both empty when none but the blank is known."""
        known = [(self._index[ngram], count) for ngram, count in count_ngrams(text).items() if ngram in self._index]
        if all(self.ngrams[position].isspace() for position, _ in known):
            return np.empty(0, dtype=np.intp), np.empty(0)
        positions = np.array([position for position, _ in known], dtype=np.intp)
        values = (1 + np.log([count for _, count in known])) * self.weights[positions]
        return positions, values / np.sqrt(values @ values)

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text, for training."""
        vectors = [self.vector(text) for text in texts]
        ends = np.cumsum([0] + [len(positions) for positions, _ in vectors])
        positions = np.concatenate([positions for positions, _ in vectors])
        values = np.concatenate([values for _, values in vectors])
        return csr_matrix((values, positions, ends), shape=(len(vectors), len(self.ngrams)))
