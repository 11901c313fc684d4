"""The two places whose price was asked for: read from the message and the slots of the form, written as events."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.answers import PlaceSlot
from actions.parcel.offered import read_offered
from actions.turn import Event, Turn
from actions.ways import read_way

FORM = "way_form"
ENDS = ("pickup", "dropoff")
_NO_PROBLEM = {"way_problem": "none", "way_attempts": 0}

Way = dict[str, PlaceSlot | None]


def way_asked(turn: Turn) -> Way:
    """What the message names; what it leaves open, as it was said before."""
    said = named(turn)
    if all(said.values()):
        return said
    return {end: said[end] or turn.slot(f"way_{end}") for end in ENDS}


def named(turn: Turn) -> Way:
    """What the message itself names, or the button "try again"."""
    if turn.is_tapped:
        return dict.fromkeys(ENDS) | read_offered(turn)
    read = read_way(turn.text)
    places = zip(ENDS, (read.pickup, read.dropoff), strict=True)
    return {end: {"address": address} if address else None for end, address in places}


def accepted(way: Way) -> dict[str, Any]:
    """The slots after a good answer."""
    return {**{f"way_{end}": place for end, place in way.items()}, **_NO_PROBLEM}


def forgotten() -> list[Event]:
    """Nothing of it stays in the conversation."""
    return [SlotSet(name, value) for name, value in accepted(dict.fromkeys(ENDS)).items()]
