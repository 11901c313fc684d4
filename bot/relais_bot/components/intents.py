"""Says what a message means, and says so when it is not sure."""

import logging
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from relais_bot.components.intent_model import OUT_OF_SCOPE, Guess, IntentModel, learn_intent_model
from relais_bot.components.linear_component import LinearComponent
from relais_bot.components.text import normalise

logger = logging.getLogger(__name__)

Ranking = list[dict[str, Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharNgramIntentClassifier(LinearComponent[IntentModel]):
    """Linear models over n-grams of characters, words, concepts and topics of the normalised text.

    Sets `intent` and `intent_ranking`. When the likeliest meaning is not likely enough, or hardly likelier than
    the next, the intent becomes `nlu_fallback`: it then leads the ranking, followed by what might be meant.
    `out_of_scope` is only said when that is likely; otherwise it ends the ranking. A message with not one known
    n-gram (another script, only signs) is a fallback with nothing behind it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "c": 1.0,  # inverse strength of the regularisation
            "threshold": 0.4,  # calibrated probability below which the bot asks
            "thresholds": {},  # of single intents, higher: where a misunderstanding would do harm
            "out_of_scope_threshold": 0.5,  # probability from which the bot says that this is none of its business
            "ambiguity": 0.1,  # distance between the two likeliest below which the bot asks
            "ranking_length": 5,
        }

    def train(self, training_data: TrainingData) -> Resource:
        lines = [(normalise(m.get(TEXT)), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        intents = {intent for _, intent in lines}
        if len(intents - {OUT_OF_SCOPE}) < 2:
            raise InvalidConfigException("The training data must show at least two intents.")
        self._refuse_strange_thresholds(intents)
        texts, labels = [text for text, _ in lines], [intent for _, intent in lines]
        model, accuracy = learn_intent_model(texts, labels, c=self._config["c"])
        logger.info(f"    {len(intents)} intents from {len(lines)} lines, {accuracy:.0%} right on held-out lines")
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self.rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, text: str) -> Ranking:
        """What may be meant, likeliest first, with `nlu_fallback` before it when that is not likely enough."""
        guess = self.model.guess(normalise(text))
        ranking = self._ranking(guess) if guess else []
        if self._is_sure(ranking):
            return ranking
        return [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self._config["threshold"]}, *ranking]

    @staticmethod
    def read(folder: Path) -> IntentModel:
        return IntentModel.load(folder)

    def _ranking(self, guess: Guess) -> Ranking:
        entries = [{"name": name, "confidence": probability} for name, probability in guess.meanings]
        scope = [{"name": OUT_OF_SCOPE, "confidence": guess.out_of_scope}] if self.model.scope else []
        room = self._config["ranking_length"] - len(scope)
        if guess.out_of_scope >= self._config["out_of_scope_threshold"]:
            return [*scope, *entries[:room]]
        return [*entries[:room], *scope]

    def _is_sure(self, ranking: Ranking) -> bool:
        if not ranking:
            return False
        first, second = ranking[0], ranking[1]["confidence"]
        if first["name"] == OUT_OF_SCOPE:
            return True
        needed = self._config["thresholds"].get(first["name"], self._config["threshold"])
        return bool(first["confidence"] >= needed and first["confidence"] - second >= self._config["ambiguity"])

    def _refuse_strange_thresholds(self, intents: set[str]) -> None:
        for intent, needed in self._config["thresholds"].items():
            if intent not in intents:
                raise InvalidConfigException(f"config.yml gives a threshold to '{intent}', which has no examples.")
            if not self._config["threshold"] <= needed <= 1:
                raise InvalidConfigException(
                    f"The threshold of '{intent}' in config.yml is {needed}: it must lie between the general one "
                    f"({self._config['threshold']}) and 1."
                )
