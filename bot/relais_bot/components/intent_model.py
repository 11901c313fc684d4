"""Two questions to one text: is this any of our business, and if so, what is meant?

They are asked apart. One model with `out_of_scope` as one more class among the intents takes every line it finds
odd for out of scope, though it might have told what was meant; a model without the class is sure of nonsense.
So the first answer scales the second: an odd line keeps its likeliest meaning, with little confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from relais_bot.components.features import FOR_MEANING, Features
from relais_bot.components.linear_model import LinearModel, learn

OUT_OF_SCOPE = "out_of_scope"
_OURS = "ours"
_MEANING, _SCOPE = "meaning", "scope"

#: What a line of ours counts against one of out_of_scope, of which nobody can write enough examples.
WEIGHT_OF_OURS = 0.4


@dataclass(frozen=True)
class Guess:
    """How likely it is that the text is none of our business, and each meaning, likeliest first."""

    out_of_scope: float
    meanings: "list[tuple[str, float]]"


class IntentModel:
    """`scope` is None when no example is out of scope: then everything is our business."""

    def __init__(self, features: Features, meaning: LinearModel, scope: "LinearModel | None") -> None:
        self.features = features
        self.meaning = meaning
        self.scope = scope

    def guess(self, text: str) -> "Guess | None":
        """None when nothing in the text is known."""
        vector = self.features.vector(text)
        if not len(vector[0]):
            return None
        ours = 1.0
        if self.scope is not None:
            ours = float(self.scope.probabilities(vector)[self.scope.classes.index(_OURS)])
        probabilities = self.meaning.probabilities(vector) * ours
        order = np.argsort(-probabilities, kind="stable")
        meanings = [(self.meaning.classes[place], float(probabilities[place])) for place in order]
        return Guess(out_of_scope=1 - ours, meanings=meanings)

    def save(self, folder: Path) -> None:
        self.features.save(folder)
        self.meaning.save(folder, _MEANING)
        if self.scope is not None:
            self.scope.save(folder, _SCOPE)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        scope = LinearModel.load(folder, _SCOPE) if (folder / f"{_SCOPE}.json").exists() else None
        return cls(Features.load(folder), LinearModel.load(folder, _MEANING), scope)


def learn_intent_model(texts: Sequence[str], intents: Sequence[str], *, c: float) -> "tuple[IntentModel, float]":
    """The model, and the share of meanings that it got right on lines it had not seen.

    The same lines, in any order, give the same model. There must be two intents beside `out_of_scope`.
    """
    lines = sorted(zip(texts, intents, strict=True))
    features = Features.learn(FOR_MEANING, [text for text, _ in lines])
    matrix = features.matrix(text for text, _ in lines)
    known = [place for place, (_, intent) in enumerate(lines) if intent != OUT_OF_SCOPE]
    meaning = learn(matrix[known], [lines[place][1] for place in known], c=c)
    scope = None
    if len(known) < len(lines):
        sides = [OUT_OF_SCOPE if intent == OUT_OF_SCOPE else _OURS for _, intent in lines]
        scope = learn(matrix, sides, c=c, class_weights={_OURS: WEIGHT_OF_OURS, OUT_OF_SCOPE: 1.0}).model
    return IntentModel(features, meaning.model, scope), meaning.held_out.accuracy()
