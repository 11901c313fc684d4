"""Finds the question where the courier is: "où est le livreur", "where's my driver"."""

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from relais_bot.components.extractors import Entity, Extractor
from relais_bot.components.text import normalise

_COURIER = r"(?:livreurs?|coursiers?|couriers?|drivers?|riders?|motard|delivery (?:guy|man|person))(?!\w)"
_ASKED = re.compile(
    r"(?<!\w)(?:ou (?:en )?(?:est|se trouve|c'est|il est)|where(?:'s| is| are)?|localis\w+|position d\w|location of)"
    rf"(?!\w)(?: \S+){{0,3}} {_COURIER}"
    rf"|(?<!\w)(?:est|se trouve|rendu) ou(?: \S+){{0,2}} {_COURIER}"
    rf"|(?<!\w){_COURIER} (?:il )?(?:est|se trouve)(?:[- ]il)? (?:rendu )?(?:ou|arrive ou)(?!\w)"
)


def find_whereabouts(text: str) -> list[Entity]:
    """Whether the courier's place is asked for."""
    is_asked = bool(_ASKED.search(normalise(text)))
    return [{"entity": "whereabouts", "value": "courier", "start": 0, "end": len(text)}] if is_asked else []


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WhereaboutsExtractor(Extractor):
    """Entity `whereabouts`."""

    def find(self, text: str) -> list[Entity]:
        return find_whereabouts(text)
