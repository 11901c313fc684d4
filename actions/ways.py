"""Reads from where to where: "combien de Bacongo à Moungali", "how much from the station to Main Street". Pure."""

import re
from dataclasses import dataclass

from actions.addresses import place_name

_GOODS = r"colis|paquets?|plis?|sacs?|cartons?|kilos?|kg|parcels?|packages?|boxe?s?|bags?"
_ERRANDS = (
    r"courses?|livraisons?|trajets?|transports?|envois?|exp[ée]ditions?|frais|temps"
    r"|deliver(?:y|ies)|shipping|shipments?|rides?|trips?|fees?"
)
_VERBS = r"livre[rz]?|envoye[rz]|d[ée]pose[rz]?|apporte[rz]?|deliver|send|bring|ship"
#: What stands behind "de" and is no place: "le prix d'une course", "ça coûte d'envoyer".
_NO_PLACE = re.compile(
    rf"(?:une? |la |le |l'|mon |ma |an? |the |my )?(?:{_GOODS}|{_ERRANDS}|{_VERBS})(?!\w)", re.IGNORECASE
)
_GOODS_BEFORE = re.compile(rf"(?<!\w)(?:{_GOODS}) $", re.IGNORECASE)
_FROM = re.compile(r"(?<![^\W\d_])(?:[àa] partir de|depuis|de|du|des|d'|entre|from|between)(?: |(?<='))", re.IGNORECASE)
_TO = re.compile(r",? (?:jusqu'(?:à|a|au|aux)|à|a|au|aux|vers|to) |,? à (?=l')| ?(?:->|=>|→|⇒) ?", re.IGNORECASE)
_AND = re.compile(r" (?:et|and) ", re.IGNORECASE)
#: What is said after the places: "entre Bacongo et Moungali c'est combien".
_BESIDE = re.compile(
    r",? (?:c'est|c|ça|ca|ce serait|s'il|combien|cb|quel|prix|how|costs?|price|for (?:a|my|one)|pour (?:un|une|mon|ma))"
    r"(?!\w).*",
    re.IGNORECASE,
)
_BRINGING = re.compile(
    rf"(?<!\w)(?:{_VERBS}|{_ERRANDS}|{_GOODS})(?!\w)(?: (?:une?|mon|ma|a|my|the|le|la) [^\W\d_]+)?"
    r" (?:[àa]|au|aux|vers|jusqu'(?:à|a|au)|pour|to|in|at) (?!partir)",
    re.IGNORECASE,
)
_ARROW = re.compile(r" ?(?:->|=>|→|⇒) ?")
_UP_TO_THE_PLACE = re.compile(
    r"(?:.*(?:combien|cb|prix|tarif|co[ûu]te|livraison|how much|price|cost|delivery|:))? *", re.IGNORECASE
)
#: What leads to nothing but a place; behind "de" there may be anything.
_TELLING = ("depuis", "entre", "from", "between")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Two places as they were written; None where one was not named."""

    pickup: str | None = None
    dropoff: str | None = None

    @property
    def is_whole(self) -> bool:
        """Both ends are known."""
        return self.pickup is not None and self.dropoff is not None


def read_way(text: str) -> Way:
    """The places of which the text says that something goes from one to the other, or to one of them."""
    said = " ".join(text.replace("’", "'").split())
    for begin in _FROM.finditer(said):
        rest = said[begin.end() :]
        if _NO_PLACE.match(rest) or _tells_what(said[: begin.start()], rest):
            continue
        word = begin.group().strip().lower()
        end = (_AND if word in ("entre", "between") else _TO).search(rest)
        way = Way(pickup=_place(rest[: end.start()]), dropoff=_place(rest[end.end() :])) if end else Way()
        if way.is_whole or (way.pickup and word in _TELLING):
            return way
    if arrow := _ARROW.search(said):
        before = _UP_TO_THE_PLACE.sub("", said[: arrow.start()], count=1)
        return Way(pickup=_place(before), dropoff=_place(said[arrow.end() :]))
    to = _BRINGING.search(said)
    return Way(dropoff=_place(said[to.end() :]) if to else None)


def _tells_what(before: str, rest: str) -> bool:
    """ "Un colis de chaussures": what is in it, unless what follows is written like a place."""
    return _GOODS_BEFORE.search(before) is not None and rest[:1].islower()


def _place(said: str) -> str | None:
    return place_name(_BESIDE.sub("", said))
