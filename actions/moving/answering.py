"""Which answer is an address, and which yes belongs to the summary on the screen."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import place_answer
from actions.moving.move import Move, accepted
from actions.turn import Turn, payload
from actions.validating import ValidateAnswers, tried_again


class ValidateAddressForm(ValidateAnswers):
    """Takes what answers the question."""

    attempts, summary = "dropoff_attempts", "dropoff_summary"

    def name(self) -> str:
        """As Rasa wants it for address_form."""
        return "validate_address_form"

    def again(self, turn: Turn) -> str:
        """The address of the same one."""
        move = Move.of(turn)
        return payload("change_address", **{move.entity: move.code}) if move else payload("change_address")

    def validate_new_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Where the courier is to bring it."""
        if value is None:
            return {"new_dropoff": None}
        turn = Turn(dispatcher, tracker)
        if isinstance(value, dict):  # what is there already
            return {"new_dropoff": value}
        if turn.entity("usual_place"):
            return {"new_dropoff": None, "dropoff_problem": "same"}
        place = place_answer(value, turn)
        if place is not None:
            return accepted(place)
        attempts = tried_again(turn, "dropoff_attempts", "utter_move_stuck")
        return {"new_dropoff": None, "dropoff_problem": "unreadable", "dropoff_attempts": attempts}

    def validate_dropoff_confirmed(
        self, value: bool | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """The button of an earlier summary is no yes to this one."""
        if not value:
            return {"dropoff_confirmed": None}
        turn = Turn(dispatcher, tracker)
        tapped = turn.entity("dropoff_summary")
        if tapped and tapped != (turn.slot("moving_quote") or {}).get("id"):
            turn.say("utter_dropoff_summary_replaced")
            return {"dropoff_confirmed": None}
        return {"dropoff_confirmed": True}
