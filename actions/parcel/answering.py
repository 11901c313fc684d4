"""Which answer is one: addresses and points, names, phone numbers, amounts, notes."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import (
    SKIPPED,
    PlaceSlot,
    is_skipped,
    name_answer,
    note_answer,
    place_answer,
    place_named,
    place_of,
)
from actions.checkout.draft import payment_options, payment_slot
from actions.checkout.options import chosen_option
from actions.parcel.confirming import place_problem
from actions.parcel.draft import WANTED, accepted
from actions.people import PeopleClient, PeopleError, Person
from actions.turn import Turn, payload
from actions.validating import ValidateAnswers, tried_again
from backend import BackendClient, BackendError
from trade.amounts import read_amount
from trade.missions import MissionDraft
from trade.phones import read_phone

Slots = dict[str, Any]

_OTHER_END = {"pickup": "dropoff", "dropoff": "pickup"}


class ValidateParcelForm(ValidateAnswers):
    """Takes what answers the question, and says what was wrong with what does not."""

    attempts, summary = "parcel_attempts", "parcel_summary"

    def __init__(self, people: PeopleClient, backend: BackendClient) -> None:
        """Learn the country and the currency from `people`, and where couriers go from `backend`."""
        super().__init__(people)
        self._backend = backend

    def name(self) -> str:
        """As Rasa wants it for parcel_form."""
        return "validate_parcel_form"

    def again(self, turn: Turn) -> str:
        """The question that is open."""
        return payload("create_delivery")

    async def validate_parcel_pickup(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Where the courier takes it."""
        return await self._place("pickup", value, Turn(dispatcher, tracker))

    async def validate_parcel_dropoff(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Where the courier brings it."""
        return await self._place("dropoff", value, Turn(dispatcher, tracker))

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
        """A local number is one of the business's country; "mine" is the one that the person writes from."""
        if value is None:
            return {"parcel_recipient_phone": None}
        turn = Turn(dispatcher, tracker)
        person = await self._person(turn)
        own = person.phone if person and turn.entity("own_number") else None
        phone = own or read_phone(value, person.country if person else None)
        return accepted("recipient_phone", phone) if phone else _refused("recipient_phone", turn)

    async def validate_parcel_value(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """What it is worth, in the business's currency; may be passed over."""
        turn = Turn(dispatcher, tracker)
        if value is None or turn.entity("payment_way"):
            return {"parcel_value": None}
        if is_skipped(turn):
            return accepted("value", SKIPPED)
        person = await self._person(turn)
        currency = (person.currency if person else None) or turn.slot("currency")
        amount = read_amount(value, currency) if currency else None
        return _refused("value", turn) if amount is None else accepted("value", str(amount))

    def validate_parcel_note(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """For the courier; may be passed over. Another address is none: the question waits."""
        turn = Turn(dispatcher, tracker)
        if value is None or turn.entity("payment_way"):  # "airtel" is no word to the courier
            return {"parcel_note": None}
        if turn.intent == "change_address" and (place := place_named(turn)):
            return {"parcel_note": None, **accepted("dropoff", place)}
        if is_skipped(turn):
            return accepted("note", SKIPPED)
        return accepted("note", note_answer(value))

    def validate_parcel_payment(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """One of the ways that were offered; at another question, what is none of them changes nothing.

        Nothing is offered before there is a price: until then the words are kept.
        """
        if value is None or isinstance(value, dict):
            return {"parcel_payment": value}
        turn = Turn(dispatcher, tracker)
        options = payment_options(turn)
        if not options and turn.slot("requested_slot") != "parcel_payment":
            return accepted("payment", {WANTED: str(value)})
        option = chosen_option(str(value), options)
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

    async def _place(self, field: str, value: Any, turn: Turn) -> Slots:
        """An address or a point; as soon as both are known, only where a courier can go."""
        if value is None or isinstance(value, dict):  # what another action has put there was taken before
            return {f"parcel_{field}": value}
        place, other = place_answer(value, turn), turn.slot(f"parcel_{_OTHER_END[field]}")
        if place is None:
            return _refused(field, turn)
        if _is_same(place, other):
            return _refused(field, turn, "same")
        ends = {field: place, _OTHER_END[field]: other}
        problem = await self._problem(turn, ends["pickup"], ends["dropoff"]) if other else {}
        return {**accepted(field, place), **problem}

    async def _problem(self, turn: Turn, pickup: PlaceSlot, dropoff: PlaceSlot) -> Slots:
        """Which end will not do, to be asked for again. Where the backend is away, the summary finds out."""
        draft = MissionDraft(pickup=place_of(pickup), dropoff=place_of(dropoff))
        try:
            customer = await self._people.customer(turn.sender_id)
            problem = await place_problem(self._backend, customer, draft)
        except (BackendError, PeopleError):
            return {}
        return {f"parcel_{problem[0]}": None, "parcel_problem": problem[1]} if problem else {}

    async def _person(self, turn: Turn) -> Person | None:
        """None where the server does not answer: an international number and a known currency still do."""
        try:
            return await self._people.person(turn.sender_id)
        except PeopleError:
            return None


def _is_same(one: PlaceSlot, other: PlaceSlot | None) -> bool:
    """No courier is needed from a place to itself."""
    return {**one, "address": one.get("address", "").casefold()} == {
        **(other or {}),
        "address": (other or {}).get("address", "").casefold(),
    }


def _refused(field: str, turn: Turn, problem: str = "unreadable") -> Slots:
    """The same question again."""
    attempts = tried_again(turn, "parcel_attempts", "utter_parcel_stuck")
    return {f"parcel_{field}": None, "parcel_problem": problem, "parcel_attempts": attempts}
