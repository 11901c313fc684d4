"""Reads an address out of a wish to have something brought there: "livrez plutôt au 25 Rue Malanda". Pure."""

import re

from trade.markup import shorten

MAX_ADDRESS = 500  # characters, as the contract has it (docs/backend.md)
FEWEST_LETTERS = 4  # that an address needs: "ici" is none

_STREET = (
    r"rue|ruelle|avenue|av|boulevard|bd|impasse|all[ée]e|place|route|quartier|cit[ée]|march[ée]|rond[- ]point|carrefour"
    r"|villa|immeuble|r[ée]sidence|arr[êe]t|street|road|lane|square|market|district"
)
#: What may stand between "bring" and where to: "livrez-le-moi plutôt", "deliver it instead".
_BETWEEN = (
    r"(?:[- ](?:le|la|les|moi|nous|ça|ca|cela|tout|plut[ôo]t|finalement|maintenant"
    r"|it|this|that|them|everything|me|us|instead|rather))*"
)
_BRINGING = (
    r"(?:livr(?:e[rz]?|ée?s?|aison)|d[ée]pose[rz]?|am[èe]ne[rz]?|apporte[rz]?|envo(?:ye[rz]?|ie)"
    r"|deliver(?:y|ed)?|bring|send|drop|ship)"
)
_TO = r"(?:à l'|à|a|au|aux|chez|sur|dans|vers|to the|to|at the|at|in)"
_IS, _BECOMES = r"(?:c'est|est|it's|is|sera)", r"(?:to|pour|par|en|devient)"
_BEGINS_LIKE_ONE = rf"(?=\d{{1,5}}(?: ?(?:bis|ter))?,? +[^\W\d]|(?:la |le |l'|the )?(?:{_STREET})(?!\w))"
#: What leads to an address. The last group of words is the way into it.
_LEAD = re.compile(
    rf"(?<!\w)(?:{_BRINGING}{_BETWEEN}(?:,? (?:{_IS} (?:plut[ôo]t )?)?{_TO}(?: |(?<='))| +{_BEGINS_LIKE_ONE})"
    rf"|(?:adresse|address)(?!\w)(?:(?! (?:{_IS}|{_BECOMES}) )[^:,\d])*"
    rf"(?:[:,] *| (?:{_IS}|{_BECOMES}) (?:plut[ôo]t )?(?:{_TO} )?| +{_BEGINS_LIKE_ONE}))",
    re.IGNORECASE,
)
_POLITE_BEGINNING = re.compile(
    r"(?:(?:non|no|ok|oui|yes|finalement|actually|plut[ôo]t|svp|stp|please|merci de|can you|could you)[, ]+)*",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(rf"\A(?:{_IS}|mettez|mets|put)(?: (?:le|la|l'|the|{_TO}))? ", re.IGNORECASE)
_SAID_BESIDE = re.compile(
    r"[, ]*(?<!\w)(?:instead|rather|please|thanks?|thank you|now|svp|stp|s'il (?:vous|te) pla[îi]t|merci"
    r"|plut[ôo]t|finalement|maintenant|[àa] la place)(?!\w)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\w)(?:COUR|CMD)[- ]?\d{8}[- ]?\d{3}(?!\w)", re.IGNORECASE)
#: What says that there is another address without saying which, or says whom or when instead of where.
_NO_PLACE = re.compile(
    r"(?:(?:une? |la |le |l'|an? |the |any |some )?(?:autre|nouvelle?|nouveau|bonne|diff[ée]rente?|different|new|other"
    r"|right|another|adresse|endroit|lieu|address|place|location)(?!\w)|ailleurs|somewhere|elsewhere"
    r"|quelqu'un|some(?:one|body)|(?:not|pas|plus|no|wrong|fau(?:x|sse)|mauvaise?|bad|in(?:correct|compl)\w*|chang\w+|trop|too)(?!\w)"
    r"|(?:chez )?(?:mon|ma|mes|my|me|moi|notre|nos|nous|lui|elle|him|her|us|our)(?!\w)"
    r"|(?:la |le |the )?(?:maison|bureau|boulot|travail|domicile|home|work|office)(?!\w)"
    r"|(?:la |le |the )?(?:commande|livraison|colis|order|parcel)(?!\w)"
    r"|demain|tomorrow|ce (?:soir|matin)|tonight|later|plus tard|midi|noon|\d{1,2} ?(?:h|heures?|am|pm|:)(?![^\W\d_]))",
    re.IGNORECASE,
)
_HAS_A_PLACE = re.compile(rf"(?<!\w)(?:{_STREET})(?!\w)|(?<!\w)\d{{1,5}},? +[^\W\d_]{{3}}", re.IGNORECASE)


def address_in(text: str) -> str | None:
    """The address that the message names, wherever it stands; None where it names none."""
    said = _spaced_once(_CODE.sub("", text))
    leads = list(_LEAD.finditer(said))
    return next((found for lead in leads if (found := place_name(said[lead.end() :]))), None)


def without_lead(text: str) -> str:
    """An answer as an address alone: "livrez plutôt rue Malanda" is "rue Malanda"; anything else is left as it is."""
    said = _spaced_once(text)
    begins_at = _POLITE_BEGINNING.match(said)
    lead = _LEAD.match(said, begins_at.end() if begins_at else 0)
    return (place_name(said[lead.end() :]) if lead else None) or text


def place_name(said: str) -> str | None:
    """What is said of a place without the words beside it; None where it names none, but "my place" or "tomorrow"."""
    found = _spaced_once(_SAID_BESIDE.sub("", said)).strip(" .,;:!?")
    found = _SAID_BEFORE.sub("", found)
    is_vague = _NO_PLACE.match(found) is not None and not _HAS_A_PLACE.search(found)
    if is_vague or sum(character.isalpha() for character in found) < FEWEST_LETTERS:
        return None
    return shorten(found, MAX_ADDRESS)


def _spaced_once(text: str) -> str:
    return " ".join(text.replace("’", "'").split())
