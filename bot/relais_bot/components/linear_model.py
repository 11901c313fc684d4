"""Linear models: scikit-learn trains them, we keep the numbers, calibrated on lines they had not seen.

Nothing is pickled: a model is one `.npz` of arrays and one `.json` of names, read without running any code.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from relais_bot.components.ngrams import Array, Vector

#: More than liblinear ever needs on a few thousand lines.
MAX_ITERATIONS = 1000
#: Each costs one more training; what they serve for is a few numbers.
FOLDS = 3
#: Of a class that one fold's model never met: as good as impossible.
UNSEEN_SCORE = -1e3
NO_CLASS = -1


@dataclass(frozen=True)
class HeldOut:
    """What the model said about lines it had not seen, by cross-validation: scores before the softmax.

    A label is the place of its class; `NO_CLASS` for lines that none of the classes holds.
    """

    scores: Array
    labels: Array

    def accuracy(self) -> float:
        known = self.labels != NO_CLASS
        return float((self.scores[known].argmax(axis=1) == self.labels[known]).mean())


class LinearModel:
    """Classes, and one coefficient per feature and class."""

    def __init__(self, classes: Sequence[str], coefficients: Array, intercepts: Array, temperature: float) -> None:
        self.classes = list(classes)
        self.temperature = temperature
        # One contiguous row per feature: a prediction gathers the few hundred rows a message needs.
        self._rows = np.ascontiguousarray(coefficients.T)
        self._intercepts = intercepts

    def scores(self, vector: Vector) -> Array:
        """One per class, in the order of `classes`: the distance to the border between it and all others."""
        positions, values = vector
        # Not `@`: BLAS would wake its threads for these few numbers, and their spinning costs more than all the rest.
        return np.asarray(np.einsum("i,ij->j", values, self._rows[positions]) + self._intercepts)

    def border(self, place: int) -> "tuple[Array, float]":
        """The coefficients and the intercept of one class."""
        return self._rows[:, place], float(self._intercepts[place])

    def probabilities(self, vector: Vector) -> Array:
        """One per class, in the order of `classes`."""
        return softmax(self.scores(vector) / self.temperature)

    def save(self, folder: Path, name: str) -> None:
        arrays = {"coefficients": self._rows.astype(np.float32), "intercepts": self._intercepts}
        np.savez(folder / f"{name}.npz", **arrays)
        names = {"classes": self.classes, "temperature": self.temperature}
        (folder / f"{name}.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> "LinearModel":
        names = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            coefficients, intercepts = arrays["coefficients"].T.astype(np.float64), arrays["intercepts"]
        return cls(names["classes"], coefficients, intercepts, names["temperature"])


@dataclass(frozen=True)
class Learned:
    """A trained model, and how it would have done on lines it had not seen."""

    model: LinearModel
    held_out: HeldOut


def softmax(scores: Array) -> Array:
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def learn(matrix: csr_matrix, labels: "Sequence[str | None]", *, c: float) -> Learned:
    """Trains a calibrated model. Nothing is random: the same rows in the same order give the same model.

    `c` is the inverse strength of the regularisation. Lines without a label teach nothing; they are held out all the
    same, for whoever wants to know what the model makes of them.
    """
    held_out = hold_out(matrix, labels, c)
    classes, coefficients, intercepts = _fit(matrix, labels, c)
    model = LinearModel(classes, coefficients, intercepts, temperature=calibrate(held_out))
    return Learned(model=model, held_out=held_out)


def hold_out(matrix: csr_matrix, labels: "Sequence[str | None]", c: float) -> HeldOut:
    """Scores of every line by a model trained without it.

    The weights of the n-grams come from all lines: an n-gram that a fold has not seen keeps the coefficient zero
    all the same.
    """
    classes = sorted({label for label in labels if label is not None})
    fold_of = _folds(labels)
    scores = np.full((len(labels), len(classes)), UNSEEN_SCORE)
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        known = [labels[i] for i in inside]
        if not len(outside) or len(set(known) - {None}) < 2:
            continue
        names, coefficients, intercepts = _fit(matrix[inside], known, c)
        columns = [classes.index(name) for name in names]
        scores[np.ix_(outside, columns)] = matrix[outside] @ coefficients.T + intercepts
    places = {None: NO_CLASS, **{name: place for place, name in enumerate(classes)}}
    return HeldOut(scores=scores, labels=np.array([places[label] for label in labels]))


def _folds(labels: "Sequence[str | None]") -> Array:
    """Deals the lines of each label out in turn."""
    seen: Counter[str | None] = Counter()
    folds = []
    for label in labels:
        folds.append(seen[label] % FOLDS)
        seen[label] += 1
    return np.array(folds)


def calibrate(held_out: HeldOut) -> float:
    """The temperature under which the probabilities of held-out lines are most honest (least log loss).

    Above 1 the model was too sure of itself. One number cannot change which class is first, and it cannot be
    overfitted. The search is over a fixed grid: simple, and the same every time.
    """
    known = held_out.labels != NO_CLASS
    scores, labels = held_out.scores[known], held_out.labels[known]
    rows = np.arange(len(labels))

    def log_loss(temperature: float) -> float:
        return float(-np.log(softmax(scores / temperature)[rows, labels] + 1e-12).mean())

    return float(min(np.geomspace(0.05, 4.0, 121), key=log_loss))


def _fit(matrix: Any, labels: "Sequence[str | None]", c: float) -> "tuple[list[str], Array, Array]":
    # Imported here: a bot that only predicts never pays for it.
    from sklearn.svm import LinearSVC

    # One class against the rest with a squared hinge, by dual coordinate descent: on lines of another author a point
    # or two more than logistic regression, in a fifth of the time. Balanced: somebody who wants what few examples
    # show wants it as much.
    known = np.array([place for place, label in enumerate(labels) if label is not None])
    fitted = LinearSVC(C=c, class_weight="balanced", dual=True, max_iter=MAX_ITERATIONS, random_state=0)
    fitted.fit(matrix[known], [labels[place] for place in known])
    classes = [str(name) for name in fitted.classes_]
    if len(classes) == 2:  # scikit-learn keeps one row for two classes
        return (
            classes,
            np.vstack([-fitted.coef_, fitted.coef_]),
            np.hstack([-fitted.intercept_, fitted.intercept_]),
        )
    return classes, fitted.coef_, fitted.intercept_
