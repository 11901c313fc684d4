"""Two questions to one text: is this any of our business, and if so, what is meant?

They are asked apart. One model with `out_of_scope` as one more class among the intents takes every line it finds
odd for out of scope, though it might have told what was meant; a model without the class is sure of nonsense.
So an odd line keeps its likeliest meaning, and the first answer says how sure one may be of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from relais_bot.components.features import FOR_MEANING, Features
from relais_bot.components.linear_model import NO_CLASS, HeldOut, LinearModel, learn, softmax
from relais_bot.components.ngrams import Array
from relais_bot.components.sigmoid import Sigmoid

OUT_OF_SCOPE = "out_of_scope"
_OURS = "ours"
_MEANING, _SCOPE, _SURENESS = "meaning", "scope", "sureness.json"

#: What doubt between two meanings takes away, beside doubt whether there is one. More of it, and lines that are
#: plainly ours but could mean two things count for less than nonsense that resembles one of them.
DOUBT = 0.4


@dataclass(frozen=True)
class Guess:
    """How likely it is that the text is none of our business, and each meaning, likeliest first."""

    out_of_scope: float
    meanings: "list[tuple[str, float]]"


@dataclass(frozen=True)
class Scope:
    """Tells what is none of our business.

    `outside` and `sure` turn scores into probabilities: that a text is outside, that its likeliest meaning is right.
    """

    model: LinearModel
    outside: Sigmoid
    sure: Sigmoid


class IntentModel:
    """`scope` is None when no example is out of scope: then everything is our business."""

    def __init__(self, features: Features, meaning: LinearModel, scope: "Scope | None") -> None:
        self.features = features
        self.meaning = meaning
        self.scope = scope

    def guess(self, text: str) -> "Guess | None":
        """None when nothing in the text is known."""
        vector = self.features.vector(text)
        if not len(vector[0]):
            return None
        probabilities, outside = self.meaning.probabilities(vector), 0.0
        if self.scope is not None:
            strangeness = float(self.scope.model.scores(vector)[self.scope.model.classes.index(OUT_OF_SCOPE)])
            likeliest = float(probabilities.max())
            outside = self.scope.outside(strangeness)
            probabilities *= self.scope.sure(_ease(strangeness, np.log(likeliest))) / likeliest
        order = np.argsort(-probabilities, kind="stable")
        names = [self.meaning.classes[place] for place in order]
        return Guess(out_of_scope=outside, meanings=list(zip(names, probabilities[order].tolist(), strict=True)))

    def save(self, folder: Path) -> None:
        self.features.save(folder)
        self.meaning.save(folder, _MEANING)
        if self.scope is not None:
            self.scope.model.save(folder, _SCOPE)
            sigmoids = {"outside": self.scope.outside.numbers(), "sure": self.scope.sure.numbers()}
            (folder / _SURENESS).write_text(json.dumps(sigmoids), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        scope = None
        if (folder / _SURENESS).exists():
            sigmoids = json.loads((folder / _SURENESS).read_text(encoding="utf-8"))
            model = LinearModel.load(folder, _SCOPE)
            scope = Scope(model, Sigmoid(*sigmoids["outside"]), Sigmoid(*sigmoids["sure"]))
        return cls(Features.load(folder), LinearModel.load(folder, _MEANING), scope)


def learn_intent_model(texts: Sequence[str], intents: Sequence[str], *, c: float) -> "tuple[IntentModel, float]":
    """The model, and the share of meanings that it got right on lines it had not seen.

    The same lines, in any order, give the same model. There must be two intents beside `out_of_scope`.
    """
    lines = sorted(zip(texts, intents, strict=True))
    features = Features.learn(FOR_MEANING, [text for text, _ in lines])
    matrix = features.matrix(text for text, _ in lines)
    meaning = learn(matrix, [None if intent == OUT_OF_SCOPE else intent for _, intent in lines], c=c)
    scope = None
    if (meaning.held_out.labels == NO_CLASS).any():
        sides = learn(matrix, [OUT_OF_SCOPE if intent == OUT_OF_SCOPE else _OURS for _, intent in lines], c=c)
        scope = _calibrated(sides.model, sides.held_out, meaning.model, meaning.held_out)
    return IntentModel(features, meaning.model, scope), meaning.held_out.accuracy()


def _calibrated(model: LinearModel, sides: HeldOut, meaning: LinearModel, meanings: HeldOut) -> Scope:
    """On lines that neither model had seen."""
    outside = model.classes.index(OUT_OF_SCOPE)
    strangeness = sides.scores[:, outside]
    likeliest = softmax(meanings.scores / meaning.temperature).max(axis=1)
    is_right = meanings.scores.argmax(axis=1) == meanings.labels
    return Scope(
        model,
        outside=Sigmoid.fit(strangeness, sides.labels == outside),
        sure=Sigmoid.fit(_ease(strangeness, np.log(likeliest)), is_right),
    )


def _ease(strangeness: "Array | float", log_likeliest: "Array | float") -> "Array | float":
    """Higher where an answer is more likely to be right."""
    return DOUBT * log_likeliest - strangeness
