"""Finds codes, "my last order" and language names in a message. What is found is exact, so nothing is learned."""

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from relais_bot.components.text import CODE, normalise

Entity = dict[str, Any]

_CODE_ENTITIES = {"COUR": "delivery_code", "CMD": "order_code", "RCL": "claim_id"}
_LATEST_NAMES = {
    "order": r"commande|achat|repas|order|purchase|meal",
    "delivery": r"livraison|colis|envoi|course|paquet|delivery|parcel|package|shipment",
}
_LATEST = re.compile(
    r"(?<!\w)(?:derniere?|last|latest|most recent|newest)(?: \w+)? (?:"
    + "|".join(f"(?P<{what}>{names})" for what, names in _LATEST_NAMES.items())
    + r")(?!\w)"
)
_LANGUAGE_NAMES = {
    "fr": r"fran[cç]ais(?:e)?|french|frensh|fran[cç]ai",
    "en": r"anglais(?:e)?|english|inglish|englich|anglai",
}
_LANGUAGE = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{code}>{names})" for code, names in _LANGUAGE_NAMES.items()) + r")(?!\w)",
    re.IGNORECASE,
)


def find_codes(text: str) -> list[Entity]:
    """Codes, written COUR-20250127-061 whatever the case, the spaces and the hyphens in the message."""
    return [
        {
            "entity": _CODE_ENTITIES[match[1].upper()],
            "value": _written(match),
            "start": match.start(),
            "end": match.end(),
        }
        for match in CODE.finditer(text)
    ]


def find_latest(text: str) -> list[Entity]:
    """Whether the newest order or delivery is meant, as in "my last order"."""
    match = _LATEST.search(normalise(text))
    return [{"entity": "latest", "value": match.lastgroup, "start": 0, "end": len(text)}] if match else []


def find_languages(text: str) -> list[Entity]:
    """The languages the bot speaks, where the message names one."""
    return [
        {"entity": "language", "value": match.lastgroup, "start": match.start(), "end": match.end()}
        for match in _LANGUAGE.finditer(text)
    ]


def _written(match: "re.Match[str]") -> str:
    # int() also turns the digits of other scripts into ours.
    year, month, day, number = (int(group) for group in match.groups()[1:])
    return f"{match[1].upper()}-{year:04}{month:02}{day:02}-{number:03}"


class Extractor(GraphComponent, EntityExtractorMixin):
    """Adds what `find` finds to the entities of a message."""

    def find(self, text: str) -> list[Entity]:
        raise NotImplementedError

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Extractor":
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.add_extractor_name(self.find(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CodeExtractor(Extractor):
    """Entities `delivery_code`, `order_code`, `claim_id` and, where there is no code, `latest`."""

    def find(self, text: str) -> list[Entity]:
        return find_codes(text) or find_latest(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageNameExtractor(Extractor):
    """Entity `language`."""

    def find(self, text: str) -> list[Entity]:
        return find_languages(text)
