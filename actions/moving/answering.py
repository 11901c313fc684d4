"""Which answer is an address, and which yes belongs to the summary on the screen."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import MAX_ATTEMPTS, place_answer
from actions.moving.move import accepted
from actions.turn import Event, Turn


class ValidateAddressForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes what answers the question."""

    def name(self) -> str:
        """As Rasa wants it for address_form."""
        return "validate_address_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Rasa asks about the old values as the form begins: nobody has answered yet."""
        if Turn(dispatcher, tracker).slot("requested_slot") is None:
            return []
        return await super().run(dispatcher, tracker, domain)  # type: ignore[no-any-return]

    def validate_new_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Where the courier is to bring it."""
        if value is None:
            return {"new_dropoff": None}
        turn = Turn(dispatcher, tracker)
        if isinstance(value, dict):  # what is there already
            return {"new_dropoff": value}
        place = place_answer(value, turn)
        if place is not None:
            return accepted(place)
        attempts = int(turn.slot("dropoff_attempts") or 0) + 1
        if attempts >= MAX_ATTEMPTS:
            turn.say("utter_move_stuck")
        problem = {"dropoff_problem": "unreadable", "dropoff_attempts": min(attempts, MAX_ATTEMPTS)}
        return {"new_dropoff": None, **problem}

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
