"""Which kinds of messages a text speaks of. Pure."""

import re
import unicodedata
from typing import Final

CATEGORIES: Final = ("marketing", "tracking", "reminders")
"""As the server keeps them (notifications/consent.py)."""

EVERYTHING: Final = "all"
"""What stands for all of them in the payload of a row."""

_WORDS: Final = {
    "marketing": r"promo\w*|pubs?|publicit\w*|offres?|soldes?|marketing|newsletter|nouveautes?|bons? plans?|spam\w*"
    r"|ads?|advert\w*|deals?|offers?|sales|commercia\w*",
    "reminders": r"rappel\w*|remind\w*",
    "tracking": r"suivi\w*|livraisons?|livree?s?|livreur|colis|etapes?|avancement|statut|track\w*|deliver\w*|parcels?"
    r"|packages?|steps?|stages?|status|progress|courier|rider",
}
_CATEGORY: Final = {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for name, words in _WORDS.items()}
# "Every day a message" speaks of how often, not of what.
_ALL: Final = re.compile(
    r"(?<!\w)(?:tout(?! (?:le|les) )|toutes|tous(?! les jours)|rien|aucune?s?"
    r"|all(?! day)|everything|anything|nothing)(?!\w)"
)
_AND: Final = re.compile(r"(?<!\w)(?:et|and|ni|or|ou)(?!\w)|[,&+/]")


def find_categories(text: str) -> tuple[str, ...]:
    """What the text names, in our order; all of them for "everything", none where it names none.

    "Delivery reminders" are reminders: a delivery counts by itself, or beside an "and".
    """
    words = _plain(text)
    found = [name for name in CATEGORIES if _CATEGORY[name].search(words)]
    if len(found) > 1 and "tracking" in found and not _AND.search(words):
        found.remove("tracking")
    if found:
        return tuple(found)
    return CATEGORIES if _ALL.search(words) else ()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
