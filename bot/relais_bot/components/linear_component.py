"""What the two classifiers share: how a model is kept and found again by Rasa."""

from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier


class Savable(Protocol):
    """A model that writes itself into a folder."""

    def save(self, folder: Path) -> None: ...


Model = TypeVar("Model", bound=Savable)


class LinearComponent(GraphComponent, IntentClassifier, Generic[Model]):
    """A graph component with one model in it, from training or from the model's archive on."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: "Model | None" = None
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
    ) -> "LinearComponent[Model]":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearComponent[Model]":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.read(folder))

    @staticmethod
    def read(folder: Path) -> Model:
        """The model that `keep` wrote."""
        raise NotImplementedError

    @property
    def model(self) -> Model:
        if self._model is None:
            raise RuntimeError(f"{type(self).__name__} was neither trained nor loaded.")
        return self._model

    def keep(self, model: Model) -> Resource:
        """Uses the model from now on, and writes it where Rasa will look for it."""
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource
