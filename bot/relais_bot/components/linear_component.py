"""What the two classifiers share: how a linear model is trained, calibrated, kept and found again by Rasa."""

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier

from relais_bot.components.linear_model import HeldOut, LinearTextModel, learn


class LinearComponent(GraphComponent, IntentClassifier):
    """A graph component with one `LinearTextModel` in it, from training or from the model's archive on."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearTextModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearComponent":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearComponent":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearTextModel.load(folder))

    @property
    def model(self) -> LinearTextModel:
        if self._model is None:
            raise RuntimeError(f"{type(self).__name__} was neither trained nor loaded.")
        return self._model

    def learn(self, texts: Sequence[str], labels: Sequence[str]) -> HeldOut:
        """Trains, calibrates and keeps the model; returns how it did on lines it had not seen."""
        learned = learn(texts, labels, c=self._config["c"])
        self._model = learned.model
        with self._storage.write_to(self._resource) as folder:
            learned.model.save(folder)
        return learned.held_out
