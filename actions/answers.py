"""Answers that any form may ask for: places, names, notes, and what is passed over."""

import re
from typing import Any

from actions.addresses import FEWEST_LETTERS, MAX_ADDRESS, address_in, without_lead
from actions.turn import Turn
from trade.markup import shorten
from trade.places import Location, Place

# As the contract has it (docs/backend.md).
MAX_NAME, MAX_NOTE = 200, 1000  # characters
FEWEST_NAME_LETTERS = 2

#: What stands in the slot of a question that was passed over.
SKIPPED = ""
# In words that say how something is to be, the note itself is named only to have none.
_THE_NOTE = re.compile(r"(?<!\w)(?:notes?|remarques?|consignes?|instructions?|pr[ée]cisions?)(?!\w)", re.IGNORECASE)
#: How a place is kept: `address`, or `latitude` and `longitude`.
PlaceSlot = dict[str, Any]


def place_answer(value: Any, turn: Turn) -> PlaceSlot | None:
    """The location that was shared, or the address as it was written; None where it is neither."""
    if turn.intent == "share_location":
        return _point(turn)
    text = str(value)
    return {"address": shorten(one_line(without_lead(text)), MAX_ADDRESS)} if is_said(text, FEWEST_LETTERS) else None


def place_named(turn: Turn) -> PlaceSlot | None:
    """The address that a message names which wants something brought elsewhere; None where it only wants that."""
    address = None if turn.is_tapped else address_in(turn.text)
    return {"address": address} if address else None


def name_answer(value: str) -> str | None:
    """Somebody's name, or None."""
    return shorten(one_line(value), MAX_NAME) if is_said(value, FEWEST_NAME_LETTERS) else None


def note_answer(value: str) -> str:
    """A word for the courier."""
    return shorten(one_line(value), MAX_NOTE)


def is_skipped(turn: Turn) -> bool:
    """A no is none where it tells the courier what not to do."""
    is_no = turn.intent == "deny" and turn.entity("instruction") is None
    return is_no or turn.entity("skipping") is not None or takes_note_off(turn)


def takes_note_off(turn: Turn) -> bool:
    """ "Sans note", "enlève la note": what was noted is not to be told."""
    return _THE_NOTE.search(turn.entity("preparation") or "") is not None


def place_of(slot: PlaceSlot) -> Place:
    """What was written, or the point that was shared."""
    if slot.get("address"):
        return Place(address=slot["address"])
    return Place(location=Location(latitude=slot["latitude"], longitude=slot["longitude"]))


def place_slot(place: Place) -> PlaceSlot | None:
    """What is kept of a place; None where it says nothing."""
    if place.address:
        return {"address": place.address}
    if place.location:
        return {"latitude": place.location.latitude, "longitude": place.location.longitude}
    return None


def is_said(text: str, fewest_letters: int) -> bool:
    """Enough letters, and no question, with its mark or without."""
    has_letters = sum(character.isalpha() for character in text) >= fewest_letters
    return has_letters and "?" not in text and not _QUESTION.match(text)


def one_line(text: str) -> str:
    """Without the breaks of lines."""
    return " ".join(text.split())


# How questions begin that are typed without their mark, and wishes; no name and no address does.
_QUESTION = re.compile(
    r"\s*(?:quel(?:le)?s?|comment|pourquoi|pk|pq|combien|est[- ]ce que?|c'?est quoi|c koi|qu'est|que[l ]? faire"
    r"|je (?:veux|voudrais|souhaite|cherche)|j'(?:ai besoin|aimerais)|i (?:want|need|would like)|i'd like"
    r"|what|why|how|when|who|which|where (?:is|are)|do you|can (?:you|i))(?!\w)",
    re.IGNORECASE,
)


def _point(turn: Turn) -> PlaceSlot | None:
    latitude, longitude = turn.entity("latitude"), turn.entity("longitude")
    if latitude is None or longitude is None:
        return None
    return {"latitude": float(latitude), "longitude": float(longitude)}
