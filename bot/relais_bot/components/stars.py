"""Finds how many stars somebody gives: "5 étoiles", "4/5", "⭐⭐⭐", or a number that is all there is."""

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from relais_bot.components.extractors import Entity, Extractor
from relais_bot.components.text import normalise

_WORDS = {
    "zero": 0,
    "un": 1,
    "une": 1,
    "one": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
    "quatre": 4,
    "four": 4,
    "cinq": 5,
    "five": 5,
}
_NUMBER = r"(\d{1,2}|" + "|".join(_WORDS) + r")"
_OF_FIVE = r"(?:etoiles?|stars?|/ ?5|sur (?:5|cinq)|out of (?:5|five))(?!\w)"
_GIVEN = re.compile(
    rf"(?<![\w/]){_NUMBER} ?{_OF_FIVE}"
    rf"|(?:mets|donne|note|(?:give|rate) (?:it|him|her|them)) (?:de |a |la note de )?(\d{{1,2}})(?![\w/])"
    rf"|^{_NUMBER}[ .!]*$"
)
_STARS = re.compile("[⭐★🌟]")


def find_score(text: str) -> list[Entity]:
    """The number, whatever it is: whether it is one of five is decided by whoever asked."""
    stars = len(_STARS.findall(text))
    match = _GIVEN.search(normalise(text))
    if not (stars or match):
        return []
    given = next(group for group in match.groups() if group) if match else str(stars)
    value = str(_WORDS.get(given, given))
    return [{"entity": "score", "value": value, "start": 0, "end": len(text)}]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class StarsExtractor(Extractor):
    """Entity `score`."""

    def find(self, text: str) -> list[Entity]:
        return find_score(text)
