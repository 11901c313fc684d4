"""Says what a message means, and says so when it is not sure."""

import logging
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from relais_bot.components.linear_component import LinearComponent
from relais_bot.components.text import normalise

logger = logging.getLogger(__name__)

Ranking = list[dict[str, Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharNgramIntentClassifier(LinearComponent):
    """Logistic regression over character n-grams of the normalised text.

    Sets `intent` and `intent_ranking`. When the likeliest intent is not likely enough, or hardly likelier than
    the next, the intent becomes `nlu_fallback`: it then leads the ranking, followed by what might be meant.
    A message with not one known n-gram (another script, only signs) is a fallback with nothing behind it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "c": 20.0,  # inverse strength of the regularisation
            "threshold": 0.4,  # calibrated probability below which the bot asks
            "ambiguity": 0.1,  # distance between the two likeliest below which the bot asks
            "ranking_length": 5,
        }

    def train(self, training_data: TrainingData) -> Resource:
        lines = [(normalise(m.get(TEXT)), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        intents = {intent for _, intent in lines}
        if len(intents) < 2:
            raise InvalidConfigException("The training data must show at least two intents.")
        accuracy = self.learn([text for text, _ in lines], [intent for _, intent in lines]).accuracy()
        logger.info(f"    {len(intents)} intents from {len(lines)} lines, {accuracy:.0%} right on held-out lines")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self.rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, text: str) -> Ranking:
        """The likeliest intents, likeliest first, with `nlu_fallback` before them when none is likely enough."""
        probabilities = self.model.probabilities(normalise(text)) or {}
        best = sorted(probabilities.items(), key=lambda item: -item[1])[: self._config["ranking_length"]]
        ranking: Ranking = [{"name": name, "confidence": probability} for name, probability in best]
        if self._is_sure(ranking):
            return ranking
        return [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self._config["threshold"]}, *ranking]

    def _is_sure(self, ranking: Ranking) -> bool:
        if not ranking:
            return False
        first, second = ranking[0]["confidence"], ranking[1]["confidence"]
        return bool(first >= self._config["threshold"] and first - second >= self._config["ambiguity"])
