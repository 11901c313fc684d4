"""What is meant, and how sure one may be of it: two answers from one text.

Every intent has a model of its own, which tells its lines from all others, those out of scope included. The likeliest
of them is the meaning. Whether it is to be believed is asked apart, of several witnesses (`Sureness`): with
`out_of_scope` as one more class that may win, every odd way to ask for a parcel was taken for nonsense. So an odd
line keeps its likeliest meaning, and is little believed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from relais_bot.components.features import FOR_MEANING, FOR_SCOPE, Features
from relais_bot.components.linear_model import NO_CLASS, HeldOut, LinearModel, calibrate, learn, softmax
from relais_bot.components.ngrams import Array, Vector
from relais_bot.components.sigmoid import Sigmoid
from relais_bot.components.text_model import TextModel

OUT_OF_SCOPE = "out_of_scope"
_OURS = "ours"
_MEANING, _SCOPE, _FRAMES, _SURENESS = "meaning", "scope", "frames", "sureness.json"

#: What each model of the scope sees, beside the frames. They err on different lines: where one kind of n-grams is
#: fooled by a word of the trade, another is not.
VIEWS = {
    "everything": tuple(part.kind for part in FOR_MEANING),
    "characters": ("characters 1-5",),
    "words": ("words 1-2",),
}
#: Scores lie around -1 and 1. Only of a class that a fold has never met are they far below, and that tells nothing.
_FARTHEST = 5.0


@dataclass(frozen=True)
class Guess:
    """How likely it is that the text is none of our business, and each meaning, likeliest first."""

    out_of_scope: float
    meanings: "list[tuple[str, float]]"


@dataclass(frozen=True)
class Sureness:
    """Weighs what speaks for the likeliest meaning, and turns the sum into two probabilities.

    `weights` has one number per witness (`_witnesses`); `outside` says how likely it is that the text is out of scope,
    `right` that its likeliest meaning is.
    """

    weights: Array
    outside: Sigmoid
    right: Sigmoid

    @classmethod
    def fit(cls, witnesses: Array, is_outside: Array, is_right: Array) -> "Sureness":
        """On lines that none of the witnesses has seen.

        The weights are those that best tell lines understood from lines out of scope. A line of ours that was taken
        for another meaning is no example of either: which of two meanings it has is a different doubt. With them
        among the examples, plain lines that could mean two things counted for less than nonsense like one of them.
        """
        # Imported here: a bot that only predicts never pays for it.
        from sklearn.linear_model import LogisticRegression

        used = is_right | is_outside if is_right.any() else np.ones(len(is_outside), dtype=bool)
        middle, spread = witnesses[used].mean(axis=0), witnesses[used].std(axis=0) + 1e-9
        fitted = LogisticRegression(max_iter=1000).fit((witnesses[used] - middle) / spread, ~is_outside[used])
        weights = fitted.coef_[0] / spread
        sums = witnesses @ weights
        return cls(weights, outside=Sigmoid.fit(sums, is_outside), right=Sigmoid.fit(sums, is_right))

    def save(self, path: Path) -> None:
        numbers = {"weights": self.weights.tolist(), "outside": self.outside.numbers(), "right": self.right.numbers()}
        path.write_text(json.dumps(numbers), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Sureness":
        numbers = json.loads(path.read_text(encoding="utf-8"))
        return cls(np.array(numbers["weights"]), Sigmoid(*numbers["outside"]), Sigmoid(*numbers["right"]))


@dataclass(frozen=True)
class Scope:
    """Tells what is none of our business: one score per view, one for the frames, and how sure they leave us."""

    views: LinearModel
    frames: TextModel
    sureness: Sureness

    def scores(self, vector: Vector, text: str) -> Array:
        """Each higher for what is ours. `vector` is that of the text, among the features of the meaning."""
        frames = self.frames.model.scores(self.frames.features.vector(text))
        return np.append(self.views.scores(vector), frames[self.frames.model.classes.index(_OURS)])


class IntentModel:
    """`scope` is None when no example is out of scope: then everything is our business."""

    def __init__(self, features: Features, meaning: LinearModel, scope: "Scope | None") -> None:
        self.features = features
        self.meaning = meaning
        self.scope = scope
        self._ours = np.array([place for place, name in enumerate(meaning.classes) if name != OUT_OF_SCOPE])
        self._outside = meaning.classes.index(OUT_OF_SCOPE) if scope else None

    def guess(self, text: str) -> "Guess | None":
        """None when nothing in the text is known."""
        vector = self.features.vector(text)
        if not len(vector[0]):
            return None
        scores, outside = self.meaning.scores(vector), 0.0
        ours = scores[self._ours]
        probabilities = softmax(ours / self.meaning.temperature)
        if self.scope is not None:
            sureness = self.scope.sureness
            likeliest = np.log(probabilities.max())
            witnesses = _witnesses(likeliest, ours.max(), scores[self._outside], self.scope.scores(vector, text))
            believed = float((witnesses * sureness.weights).sum())
            outside = sureness.outside(believed)
            probabilities *= sureness.right(believed) / probabilities.max()
        order = np.argsort(-probabilities, kind="stable")
        names = [self.meaning.classes[place] for place in self._ours[order]]
        return Guess(out_of_scope=outside, meanings=list(zip(names, probabilities[order].tolist(), strict=True)))

    def save(self, folder: Path) -> None:
        self.features.save(folder)
        self.meaning.save(folder, _MEANING)
        if self.scope is not None:
            self.scope.views.save(folder, _SCOPE)
            (folder / _FRAMES).mkdir()
            self.scope.frames.save(folder / _FRAMES)
            self.scope.sureness.save(folder / _SURENESS)

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        scope = None
        if (folder / _SURENESS).exists():
            frames, sureness = TextModel.load(folder / _FRAMES), Sureness.load(folder / _SURENESS)
            scope = Scope(LinearModel.load(folder, _SCOPE), frames, sureness)
        return cls(Features.load(folder), LinearModel.load(folder, _MEANING), scope)


def learn_intent_model(texts: Sequence[str], intents: Sequence[str], *, c: float) -> "tuple[IntentModel, float]":
    """The model, and the share of meanings that it got right on lines it had not seen.

    The same lines, in any order, give the same model. There must be two intents beside `out_of_scope`.
    """
    lines = sorted(zip(texts, intents, strict=True))
    features = Features.learn(FOR_MEANING, [text for text, _ in lines])
    matrix = features.matrix(text for text, _ in lines)
    learned = learn(matrix, [intent for _, intent in lines], c=c)
    meaning, held_out = learned.model, learned.held_out
    if OUT_OF_SCOPE not in meaning.classes:
        return IntentModel(features, meaning, None), held_out.accuracy()
    is_outside = held_out.labels == meaning.classes.index(OUT_OF_SCOPE)
    among_ours = _without(held_out, meaning.classes.index(OUT_OF_SCOPE))
    meaning.temperature = calibrate(among_ours)
    sides = [OUT_OF_SCOPE if outside else _OURS for outside in is_outside]
    views, seen = _learn_views(features, matrix, sides, c)
    frames, held_out_frames = _learn_frames([text for text, _ in lines], sides, c)
    is_right = among_ours.scores.argmax(axis=1) == among_ours.labels
    likeliest = np.log(softmax(among_ours.scores / meaning.temperature).max(axis=1))
    outside = held_out.scores[:, meaning.classes.index(OUT_OF_SCOPE)]
    witnesses = _witnesses(likeliest, among_ours.scores.max(axis=1), outside, [*seen, held_out_frames]).T
    sureness = Sureness.fit(witnesses, is_outside, is_right)
    return IntentModel(features, meaning, Scope(views, frames, sureness)), among_ours.accuracy()


def _without(held_out: HeldOut, place: int) -> HeldOut:
    """The same with one class less; its lines are those of no class."""
    labels = np.where(held_out.labels > place, held_out.labels - 1, held_out.labels)
    labels = np.where(held_out.labels == place, NO_CLASS, labels)
    return replace(held_out, scores=np.delete(held_out.scores, place, axis=1), labels=labels)


def _learn_views(
    features: Features, matrix: csr_matrix, sides: Sequence[str], c: float
) -> "tuple[LinearModel, list[Array]]":
    """One score per view, higher for what is ours, and what they are for lines that were held out."""
    coefficients, intercepts, seen = np.zeros((len(VIEWS), features.size)), np.zeros(len(VIEWS)), []
    for row, kinds in enumerate(VIEWS.values()):
        columns = features.columns(kinds)
        learned = learn(matrix[:, columns], sides, c=c)
        ours = learned.model.classes.index(_OURS)
        coefficients[row, columns], intercepts[row] = learned.model.border(ours)
        seen.append(learned.held_out.scores[:, ours])
    return LinearModel(list(VIEWS), coefficients, intercepts, temperature=1.0), seen


def _learn_frames(texts: Sequence[str], sides: Sequence[str], c: float) -> "tuple[TextModel, Array]":
    """The same for the frames."""
    features = Features.learn(FOR_SCOPE, texts)
    learned = learn(features.matrix(texts), sides, c=c)
    return TextModel(features, learned.model), learned.held_out.scores[:, learned.model.classes.index(_OURS)]


def _witnesses(likeliest: Array, inside: Array, outside: Array, scope: "Array | list[Array]") -> Array:
    """What speaks for the likeliest meaning, or against it: one row per witness, of one number or one per text.

    How likely it is among the meanings (log); how far the text lies inside it, and inside `out_of_scope`, by the models
    of the intents; then the scores of the scope.
    """
    return np.clip(np.array([likeliest, inside, outside, *scope]), -_FARTHEST, _FARTHEST)
