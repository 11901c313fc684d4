"""From a score that only orders to a probability: the curve that fits what was so on lines held out."""

import math
from dataclasses import dataclass

from relais_bot.components.ngrams import Array


@dataclass(frozen=True)
class Sigmoid:
    """1 / (1 + exp(-(slope * score + offset)))."""

    slope: float
    offset: float

    def __call__(self, score: float) -> float:
        return 0.5 * (1 + math.tanh((self.slope * score + self.offset) / 2))  # the same, and it cannot overflow

    def numbers(self) -> "tuple[float, float]":
        return self.slope, self.offset

    @classmethod
    def fit(cls, scores: Array, was_so: Array) -> "Sigmoid":
        """The most honest one (least log loss). Where all was so, or nothing, that is what it says."""
        # Imported here: a bot that only predicts never pays for it.
        from sklearn.linear_model import LogisticRegression

        if was_so.all() or not was_so.any():
            return cls(0.0, 10.0 if was_so.all() else -10.0)
        fitted = LogisticRegression(C=100.0).fit(scores[:, None], was_so)
        return cls(float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))
