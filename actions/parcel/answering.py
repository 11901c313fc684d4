"""Which answer is one: addresses and points, names, phone numbers, amounts, notes."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import MAX_ATTEMPTS, SKIPPED, is_skipped, name_answer, note_answer, place_answer
from actions.checkout.draft import payment_options, payment_slot
from actions.checkout.options import chosen_option
from actions.parcel.draft import accepted
from actions.people import PeopleClient, PeopleError, Person
from actions.turn import Event, Turn
from trade.amounts import read_amount
from trade.phones import read_phone

Slots = dict[str, Any]


class ValidateParcelForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes what answers the question, and says what was wrong with what does not."""

    def __init__(self, people: PeopleClient) -> None:
        """Learn the country and the currency of the business from `people`."""
        self._people = people

    def name(self) -> str:
        """As Rasa wants it for parcel_form."""
        return "validate_parcel_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What was answered before the form was left was taken then; Rasa asks about it again as the form begins."""
        if Turn(dispatcher, tracker).slot("requested_slot") is None:
            return []
        return await super().run(dispatcher, tracker, domain)  # type: ignore[no-any-return]

    def validate_parcel_pickup(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Where the courier takes it."""
        return _place("pickup", value, Turn(dispatcher, tracker))

    def validate_parcel_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Where the courier brings it."""
        return _place("dropoff", value, Turn(dispatcher, tracker))

    def validate_parcel_recipient_name(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Whom the courier asks for."""
        if value is None:
            return {"parcel_recipient_name": None}
        name = name_answer(value)
        return accepted("recipient_name", name) if name else _refused("recipient_name", Turn(dispatcher, tracker))

    async def validate_parcel_recipient_phone(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A local number is one of the business's country."""
        if value is None:
            return {"parcel_recipient_phone": None}
        turn = Turn(dispatcher, tracker)
        person = await self._person(turn)
        phone = read_phone(value, person.country if person else None)
        return accepted("recipient_phone", phone) if phone else _refused("recipient_phone", turn)

    async def validate_parcel_value(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """What it is worth, in the business's currency; may be passed over."""
        if value is None:
            return {"parcel_value": None}
        turn = Turn(dispatcher, tracker)
        if is_skipped(turn):
            return accepted("value", SKIPPED)
        person = await self._person(turn)
        currency = (person.currency if person else None) or turn.slot("currency")
        amount = read_amount(value, currency) if currency else None
        return _refused("value", turn) if amount is None else accepted("value", str(amount))

    def validate_parcel_note(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """For the courier; may be passed over."""
        if value is None:
            return {"parcel_note": None}
        if is_skipped(Turn(dispatcher, tracker)):
            return accepted("note", SKIPPED)
        return accepted("note", note_answer(value))

    def validate_parcel_payment(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """One of the ways that were offered; at another question, what is none of them changes nothing."""
        if value is None or isinstance(value, dict):
            return {"parcel_payment": value}
        turn = Turn(dispatcher, tracker)
        option = chosen_option(str(value), payment_options(turn))
        if option is not None:
            return accepted("payment", payment_slot(option))
        if turn.slot("requested_slot") != "parcel_payment":
            return {"parcel_payment": None}
        return _refused("payment", turn)

    def validate_parcel_confirmed(
        self, value: bool | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A yes to what is on the screen; the button of an earlier summary is none."""
        if not value:
            return {"parcel_confirmed": None}
        turn = Turn(dispatcher, tracker)
        tapped = turn.entity("parcel_summary")
        if tapped and tapped != (turn.slot("parcel_quote") or {}).get("id"):
            turn.say("utter_parcel_summary_replaced")
            return {"parcel_confirmed": None}
        return {"parcel_confirmed": True}

    async def _person(self, turn: Turn) -> Person | None:
        """None where the server does not answer: an international number and a known currency still do."""
        try:
            return await self._people.person(turn.sender_id)
        except PeopleError:
            return None


def _place(field: str, value: Any, turn: Turn) -> Slots:
    if value is None:
        return {f"parcel_{field}": None}
    place = place_answer(value, turn)
    return accepted(field, place) if place else _refused(field, turn)


def _refused(field: str, turn: Turn) -> Slots:
    """The same question again, and from the second time on a human."""
    attempts = int(turn.slot("parcel_attempts") or 0) + 1
    if attempts >= MAX_ATTEMPTS:
        turn.say("utter_parcel_stuck")
    return {f"parcel_{field}": None, "parcel_problem": "unreadable", "parcel_attempts": min(attempts, MAX_ATTEMPTS)}
