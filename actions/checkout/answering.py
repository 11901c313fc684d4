"""Which answer is one: an address or a point, who receives it, how it is paid, a note, a yes."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import (
    MAX_ATTEMPTS,
    SKIPPED,
    is_skipped,
    name_answer,
    note_answer,
    place_answer,
)
from actions.checkout.draft import RECIPIENT, Summary, accepted, payment_options, payment_slot
from actions.checkout.options import chosen_option
from actions.people import PeopleClient, PeopleError
from actions.turn import Event, Turn
from trade.phones import read_phone

Slots = dict[str, Any]

RECIPIENT_SLOTS = tuple(f"checkout_{field}" for field in RECIPIENT)


class ValidateCheckoutForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes what answers the question, and says what was wrong with what does not."""

    def __init__(self, people: PeopleClient) -> None:
        """Learn the country of the business from `people`."""
        self._people = people

    def name(self) -> str:
        """As Rasa wants it for checkout_form."""
        return "validate_checkout_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What was answered before the form was left was taken then; Rasa asks about it again as the form begins."""
        if Turn(dispatcher, tracker).slot("requested_slot") is None:
            return []
        return await super().run(dispatcher, tracker, domain)  # type: ignore[no-any-return]

    def validate_checkout_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Where the courier brings it: said, shared, or the address of the last time."""
        if value is None or isinstance(value, dict):
            return {"checkout_dropoff": value}
        turn = Turn(dispatcher, tracker)
        suggested = turn.slot("checkout_suggested")
        if suggested and (turn.entity("usual_place") or turn.entity("agreed")):
            return accepted("dropoff", suggested)
        if _is_about_somebody(turn):
            return {"checkout_dropoff": None}
        place = None if turn.entity("agreed") else place_answer(value, turn)
        return accepted("dropoff", place) if place else _refused("dropoff", turn)

    def validate_checkout_recipient_name(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Whom the courier asks for. "It is for my mother" begins to ask, whatever was being asked."""
        if not value:  # "" is nobody else
            return {"checkout_recipient_name": value}
        turn = Turn(dispatcher, tracker)
        if turn.entity("for_somebody") and turn.slot("requested_slot") not in RECIPIENT_SLOTS:
            turn.say("utter_checkout_for_somebody")
            return dict.fromkeys(RECIPIENT_SLOTS)
        name = name_answer(value)
        return accepted("recipient_name", name) if name else _refused("recipient_name", turn)

    async def validate_checkout_recipient_phone(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A local number is one of the business's country."""
        if not value:
            return {"checkout_recipient_phone": value}
        turn = Turn(dispatcher, tracker)
        try:
            country = (await self._people.person(turn.sender_id)).country
        except PeopleError:
            country = None  # an international number still does
        phone = read_phone(value, country)
        return accepted("recipient_phone", phone) if phone else _refused("recipient_phone", turn)

    def validate_checkout_payment(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """One of the ways that are offered, tapped or in words."""
        if value is None or isinstance(value, dict):
            return {"checkout_payment": value}
        turn = Turn(dispatcher, tracker)
        option = chosen_option(str(value), payment_options(turn))
        if option is not None:
            return accepted("payment", payment_slot(option))
        if turn.slot("requested_slot") != "checkout_payment" or _is_about_somebody(turn):
            return {"checkout_payment": None}
        return _refused("payment", turn)

    def validate_checkout_note(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """For the courier; may be passed over."""
        turn = Turn(dispatcher, tracker)
        if value is None or _is_about_somebody(turn):
            return {"checkout_note": None}
        return accepted("note", SKIPPED if is_skipped(turn) else note_answer(value))

    def validate_checkout_confirmed(
        self, value: bool | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A yes to what is on the screen; the button of an earlier summary is none."""
        if not value:
            return {"checkout_confirmed": None}
        turn = Turn(dispatcher, tracker)
        tapped, summary = turn.entity("order_summary"), Summary.of(turn)
        if summary is None or (tapped and tapped != summary.id):
            turn.say("utter_order_summary_replaced")
            return {"checkout_confirmed": None}
        return {"checkout_confirmed": True}


def _is_about_somebody(turn: Turn) -> bool:
    """ "It is for my mother" answers nothing, unless an address stands in it."""
    return turn.entity("for_somebody") is not None and turn.entity("address") is None


def _refused(field: str, turn: Turn) -> Slots:
    """The same question again, and from the second time on a human."""
    attempts = int(turn.slot("checkout_attempts") or 0) + 1
    if attempts >= MAX_ATTEMPTS:
        turn.say("utter_checkout_stuck")
    problem = {"checkout_problem": "unreadable", "checkout_attempts": min(attempts, MAX_ATTEMPTS)}
    return {f"checkout_{field}": None, **problem}
