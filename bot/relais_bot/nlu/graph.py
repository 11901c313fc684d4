"""A trained model's understanding alone: no server, no tracker, no policies, no actions."""

import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relais_bot import light
from relais_bot.model_archive import metadata_of
from relais_bot.nlu.lines import OUT_OF_SCOPE
from relais_bot.refusals import Refused

#: Rasa's name for "I did not understand", which may lead a ranking.
FALLBACK = "nlu_fallback"
#: The first messages pay for what is set up once.
WARM_UP = ("bonjour", "where is my parcel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the model made of one message, and the CPU time that took, in milliseconds."""

    intent: str
    ranking: "tuple[tuple[str, float], ...]"
    cpu_ms: float

    @property
    def likeliest(self) -> str:
        """The first guess, however unsure; the fallback only where there was none."""
        return self.ranking[0][0] if self.ranking else FALLBACK

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0


class NluGraph:
    """Understands one message after the other."""

    def __init__(self, runner: Any, target: str, intents: Collection[str] | None, threshold: "float | None") -> None:
        self._runner = runner
        self._target = target
        #: Those of the domain; None where the model was trained on examples alone and keeps no list.
        self.intents = intents
        #: Below it the model asks instead of guessing; None where it always guesses.
        self.threshold = threshold
        for text in WARM_UP:
            self.understand(text)

    @classmethod
    def load(cls, model: Path) -> "NluGraph":
        """The model in the archive. Raises `Refused`."""
        light.leave_out_unused_parts(metadata_of(model))
        # Imported here: what comes before decides what these imports bring along.
        from rasa.engine.loader import load_predict_graph_runner
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.shared.core.constants import DEFAULT_INTENTS
        from rasa.shared.exceptions import RasaException

        from relais_bot import speedups

        with tempfile.TemporaryDirectory(prefix="relais-nlu-") as folder:
            try:
                metadata, runner = load_predict_graph_runner(Path(folder), model, LocalModelStorage, DaskGraphRunner)
            except RasaException as error:
                raise Refused(f"{model} cannot be loaded ({error}): run `make train`.") from error
        if any(node.uses.__module__.startswith("relais_bot.") for node in metadata.predict_schema.nodes.values()):
            speedups.apply()  # as in the bot; what is compared with it runs as its makers left it
        target = metadata.nlu_target
        if target is None:
            raise Refused(f"{model} was trained without examples: run `make train`.")
        known = set(metadata.domain.intents) - set(DEFAULT_INTENTS)
        intents = known | {OUT_OF_SCOPE} if known else None
        return cls(runner, target, intents, _threshold(metadata.predict_schema.nodes.values()))

    def understand(self, text: str) -> Understood:
        """What the message means."""
        from rasa.core.channels.channel import UserMessage

        inputs = {"__message__": [UserMessage(text)], "__tracker__": None}
        started = time.process_time()
        message = self._runner.run(inputs=inputs, targets=[self._target])[self._target][0]
        cpu_ms = (time.process_time() - started) * 1000
        ranking = tuple((each["name"], each["confidence"]) for each in message.get("intent_ranking") or [])
        return Understood(
            intent=(message.get("intent") or {}).get("name") or FALLBACK,
            ranking=tuple(each for each in ranking if each[0] != FALLBACK),
            cpu_ms=cpu_ms,
        )


def _threshold(nodes: Collection[Any]) -> "float | None":
    configs = [{**node.uses.get_default_config(), **(node.config or {})} for node in nodes]
    return next((config["threshold"] for config in configs if "threshold" in config), None)
