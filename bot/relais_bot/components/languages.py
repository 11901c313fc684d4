"""Says in which of the bot's languages a message is written."""

import logging
from importlib.resources import files
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from relais_bot.components.features import FOR_LANGUAGE
from relais_bot.components.linear_component import LinearComponent
from relais_bot.components.text import normalise_for_language
from relais_bot.components.text_model import TextModel, learn_text_model

logger = logging.getLogger(__name__)

LANGUAGES = ("en", "fr")
LANGUAGE = "language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(LinearComponent[TextModel]):
    """Sets `language: {name, confidence}`; name is None when the message has no words to judge by.

    Learns from the examples of every intent, each block of which says its language (`metadata: language: fr`),
    and from the everyday sentences beside this module, so that words no customer was expected to use count too.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c": 1.0}

    def train(self, training_data: TrainingData) -> Resource:
        lines = [(m.get(TEXT), _language_of(m)) for m in training_data.intent_examples if m.get(TEXT)]
        lines += [(line, language) for language in LANGUAGES for line in everyday_sentences(language)]
        texts = [normalise_for_language(text) for text, _ in lines]
        labels = [language for _, language in lines]
        model, held_out = learn_text_model(FOR_LANGUAGE, texts, labels, c=self._config["c"])
        accuracy = held_out.accuracy()
        logger.info(f"    languages {' and '.join(LANGUAGES)}, {accuracy:.0%} right on held-out lines")
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(LANGUAGE, self.identify(message.get(TEXT) or ""), add_to_output=True)
        return messages

    @staticmethod
    def read(folder: Path) -> TextModel:
        return TextModel.load(folder)

    def identify(self, text: str) -> dict[str, Any]:
        probabilities = self.model.probabilities(normalise_for_language(text))
        if probabilities is None:
            return {"name": None, "confidence": 0.0}
        name = max(probabilities, key=lambda language: probabilities[language])
        return {"name": name, "confidence": probabilities[name]}


def everyday_sentences(language: str) -> list[str]:
    text = files(__package__).joinpath(f"everyday.{language}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _language_of(message: Message) -> str:
    language = ((message.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("language")
    if language not in LANGUAGES:
        raise InvalidConfigException(
            f"The examples of intent '{message.get('intent')}' (such as '{message.get(TEXT)}') do not say their "
            f"language: put `metadata: {{language: fr}}` or `metadata: {{language: en}}` beside `intent:`."
        )
    return language
