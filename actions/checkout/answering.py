"""Which answer is one: an address or a point, who receives it, how it is paid, a note, a yes."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import (
    SKIPPED,
    is_skipped,
    name_answer,
    note_answer,
    place_answer,
    place_named,
    takes_note_off,
)
from actions.checkout.draft import RECIPIENT, Summary, accepted, payment_options, payment_slot
from actions.checkout.options import chosen_option
from actions.people import PeopleError
from actions.shop.cart import MAX_NOTE, Cart
from actions.shop.wishes import read_note
from actions.turn import Turn, payload
from actions.validating import ValidateAnswers, tried_again
from trade.markup import plain, shorten
from trade.phones import read_phone

Slots = dict[str, Any]

RECIPIENT_SLOTS = tuple(f"checkout_{field}" for field in RECIPIENT)


class ValidateCheckoutForm(ValidateAnswers):
    """Takes what answers the question, and says what was wrong with what does not."""

    attempts, summary = "checkout_attempts", "order_summary"

    def name(self) -> str:
        """As Rasa wants it for checkout_form."""
        return "validate_checkout_form"

    def again(self, turn: Turn) -> str:
        """The question that is open."""
        return payload("checkout")

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
        if (noted := _noted(turn)) is not None:
            return {"checkout_dropoff": None, **noted}
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
        if (noted := _noted(turn)) is not None:
            return {"checkout_recipient_name": None, **noted}
        name = name_answer(value)
        return accepted("recipient_name", name) if name else _refused("recipient_name", turn)

    async def validate_checkout_recipient_phone(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A local number is one of the business's country; "mine" is the one that the person writes from."""
        if not value:
            return {"checkout_recipient_phone": value}
        turn = Turn(dispatcher, tracker)
        if (noted := _noted(turn)) is not None:
            return {"checkout_recipient_phone": None, **noted}
        try:
            person = await self._people.person(turn.sender_id)
        except PeopleError:
            person = None  # an international number still does
        own = person.phone if person and turn.entity("own_number") else None
        phone = own or read_phone(value, person.country if person else None)
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
        if (noted := _noted(turn)) is not None:
            return {"checkout_payment": None, **noted}
        return _refused("payment", turn)

    def validate_checkout_note(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """For the courier; may be passed over. Another address is none: the question waits."""
        turn = Turn(dispatcher, tracker)
        if value is None or turn.entity("payment_way") or _is_about_somebody(turn):  # "cash" is no word to the courier
            return {"checkout_note": None}
        if turn.intent == "change_address" and (place := place_named(turn)):
            return {"checkout_note": None, **accepted("dropoff", place)}
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


def _noted(turn: Turn) -> Slots | None:
    """ "Sans piment svp" answers no question but the one for a note: it goes onto the cart, and the question waits."""
    if takes_note_off(turn):
        turn.say("utter_notes_off")
        return {"cart": Cart.of(turn).without_notes().event()["value"]}
    note = read_note(turn.text) if turn.entity("preparation") else ""
    if not note:
        return None
    turn.say("utter_note_taken", note=shorten(plain(note), MAX_NOTE))
    return {"cart": Cart.of(turn).noted(note).event()["value"]}


def _refused(field: str, turn: Turn) -> Slots:
    """The same question again."""
    attempts = tried_again(turn, "checkout_attempts", "utter_checkout_stuck")
    return {f"checkout_{field}": None, "checkout_problem": "unreadable", "checkout_attempts": attempts}
