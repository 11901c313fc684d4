"""A parcel between two places whose price was just told: what the button and the question that offer it carry."""

import re
from typing import Any

from rasa_sdk.events import FollowupAction

from actions.answers import PlaceSlot
from actions.forms import begin
from actions.parcel.draft import FORM, Summary, accepted
from actions.questions import put_before
from actions.spoken import SpokenAction
from actions.turn import Event, Turn

OFFERED_WAY = "offered_way"  # the topic of the question whether to send one
ENDS = {"offered_pickup": "pickup", "offered_dropoff": "dropoff"}
_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")


class SendParcel(SpokenAction):
    """Begins to ask for a parcel, or goes on; the places that were offered need not be said again."""

    def name(self) -> str:
        """As in the domain."""
        return "action_send_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the button, or by a yes right after the price; while another is in doubt, that is found out first."""
        if doubt := Summary.in_doubt_of(turn):
            turn.say("utter_parcel_in_doubt", summary=doubt.id)
            return [FollowupAction("action_listen")]
        asked = put_before(turn) if turn.intent == "affirm" else {}
        slots: dict[str, Any] = {}
        for name, field in ENDS.items():
            if said := turn.entity(name) or asked.get(name):
                slots |= accepted(field, _read(said))
        if not slots:
            return [FollowupAction(FORM)]
        return begin(turn, FORM, **slots)


def offered_way(pickup: PlaceSlot | None, dropoff: PlaceSlot | None) -> dict[str, str]:
    """The places as entities of a button."""
    return {name: _written(place) for name, place in zip(ENDS, (pickup, dropoff), strict=True) if place}


def read_offered(turn: Turn) -> dict[str, PlaceSlot]:
    """The places that a button carries, by their ends."""
    return {field: _read(said) for name, field in ENDS.items() if (said := turn.entity(name))}


def _written(place: PlaceSlot) -> str:
    return str(place.get("address") or f"{place['latitude']},{place['longitude']}")


def _read(said: str) -> PlaceSlot:
    point = _POINT.fullmatch(said)
    return {"latitude": float(point[1]), "longitude": float(point[2])} if point else {"address": said}
