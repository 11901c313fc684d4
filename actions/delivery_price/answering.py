"""Which answer is a place; one that names both ends answers both questions."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import place_answer
from actions.delivery_price.asked import accepted, named
from actions.turn import Turn, payload
from actions.validating import ValidateAnswers, tried_again


class ValidateWayForm(ValidateAnswers):
    """Takes an address or a location."""

    attempts = "way_attempts"

    def name(self) -> str:
        """As Rasa wants it for way_form."""
        return "validate_way_form"

    def again(self, turn: Turn) -> str:
        """The question that is open."""
        return payload("price_question")

    def validate_way_pickup(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Where it would be taken."""
        return _answered("pickup", value, Turn(dispatcher, tracker))

    def validate_way_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Where it would be brought."""
        return _answered("dropoff", value, Turn(dispatcher, tracker))


def _answered(end: str, value: Any, turn: Turn) -> dict[str, Any]:
    if value is None or isinstance(value, dict):
        return {f"way_{end}": value}
    way = named(turn)
    if all(way.values()):
        return accepted(way)
    place = place_answer(value, turn)
    if place is not None:
        return accepted({end: place})
    attempts = tried_again(turn, "way_attempts", "utter_way_stuck")
    return {f"way_{end}": None, "way_problem": "unreadable", "way_attempts": attempts}
