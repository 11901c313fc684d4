"""Finds what somebody thinks of a delivery: stars ("5 étoiles", "4/5", "⭐⭐⭐"), and a few words that judge."""

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
_JUDGES = re.compile(
    r"(?<!\w)(?:tres bien|super|top|parfaite?|excellente?|geniale?|gentil(?:le)?|sympa|polie?|rapide|aimable|cool"
    r"|ponctuel(?:le)?|serieu(?:x|se)|nul(?:le)?|mauvaise?|lente?|froide?|impolie?|desagreable|decue?|moyen(?:ne)?|bof"
    r"|nice|good|great|friendly|polite|fast|quick|kind|perfect|awesome|amazing|bad|slow|rude|cold|poor|awful)(?!\w)"
)
MOST_WORDS = 8  # longer ones are a story


def find_score(text: str) -> list[Entity]:
    """The number, whatever it is: whether it is one of five is decided by whoever asked."""
    stars = len(_STARS.findall(text))
    match = _GIVEN.search(normalise(text))
    if not (stars or match):
        return []
    given = next(group for group in match.groups() if group) if match else str(stars)
    value = str(_WORDS.get(given, given))
    return [{"entity": "score", "value": value, "start": 0, "end": len(text)}]


def find_opinion(text: str) -> list[Entity]:
    """The whole text, where it is short and judges; a question does not."""
    words = normalise(text)
    if "?" in words or len(words.split()) > MOST_WORDS or not _JUDGES.search(words):
        return []
    return [{"entity": "opinion", "value": text, "start": 0, "end": len(text)}]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class StarsExtractor(Extractor):
    """Entities `score` and `opinion`."""

    def find(self, text: str) -> list[Entity]:
        return find_score(text) + find_opinion(text)
