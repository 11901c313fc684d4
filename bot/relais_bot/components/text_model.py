"""From a text to the probability of each class: what tells languages apart."""

from collections.abc import Sequence
from pathlib import Path

from relais_bot.components.features import Features, Part
from relais_bot.components.linear_model import HeldOut, LinearModel, learn

_NAME = "classes"


class TextModel:
    """Features of a text, and a linear model over them."""

    def __init__(self, features: Features, model: LinearModel) -> None:
        self.features = features
        self.model = model

    def probabilities(self, text: str) -> "dict[str, float] | None":
        """Class to probability; None when nothing in the text is known."""
        vector = self.features.vector(text)
        if not len(vector[0]):
            return None
        return dict(zip(self.model.classes, self.model.probabilities(vector).tolist(), strict=True))

    def save(self, folder: Path) -> None:
        self.features.save(folder)
        self.model.save(folder, _NAME)

    @classmethod
    def load(cls, folder: Path) -> "TextModel":
        return cls(Features.load(folder), LinearModel.load(folder, _NAME))


def learn_text_model(
    parts: Sequence[Part], texts: Sequence[str], labels: Sequence[str], *, c: float
) -> "tuple[TextModel, HeldOut]":
    """The same lines, in any order, give the same model."""
    lines = sorted(zip(texts, labels, strict=True))
    texts, labels = [text for text, _ in lines], [label for _, label in lines]
    features = Features.learn(parts, texts)
    learned = learn(features.matrix(texts), labels, c=c)
    return TextModel(features, learned.model), learned.held_out
