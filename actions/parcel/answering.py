"""Which answer is one: addresses and points, names, phone numbers, amounts, notes."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.parcel.draft import SKIPPED, accepted
from actions.people import PeopleClient, PeopleError, Person
from actions.turn import Event, Turn
from trade.amounts import read_amount
from trade.markup import shorten
from trade.phones import read_phone

# As the contract has it (docs/backend.md); letters that an address needs: "ici" is none.
MAX_ADDRESS, MAX_NAME, MAX_NOTE = 500, 200, 1000  # characters
FEWEST_ADDRESS_LETTERS = 4
FEWEST_NAME_LETTERS = 2

MAX_ATTEMPTS = 2  # then the team is offered as well

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
        if not _is_said(value, FEWEST_NAME_LETTERS):
            return _refused("recipient_name", Turn(dispatcher, tracker))
        return accepted("recipient_name", shorten(_one_line(value), MAX_NAME))

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
        if _is_skipped(turn):
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
        if _is_skipped(Turn(dispatcher, tracker)):
            return accepted("note", SKIPPED)
        return accepted("note", shorten(_one_line(value), MAX_NOTE))

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
    if turn.intent == "share_location":
        return accepted(field, _point(turn)) if _point(turn) else _refused(field, turn)
    if not _is_said(str(value), FEWEST_ADDRESS_LETTERS):
        return _refused(field, turn)
    return accepted(field, {"address": shorten(_one_line(str(value)), MAX_ADDRESS)})


def _point(turn: Turn) -> dict[str, float] | None:
    latitude, longitude = turn.entity("latitude"), turn.entity("longitude")
    if latitude is None or longitude is None:
        return None
    return {"latitude": float(latitude), "longitude": float(longitude)}


def _is_said(text: str, fewest_letters: int) -> bool:
    """Enough letters, and no question."""
    return sum(character.isalpha() for character in text) >= fewest_letters and "?" not in text


def _is_skipped(turn: Turn) -> bool:
    """A no is none where it tells the courier what not to do."""
    return (turn.intent == "deny" and turn.entity("instruction") is None) or turn.entity("skipping") is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refused(field: str, turn: Turn) -> Slots:
    """The same question again, and from the second time on a human."""
    attempts = int(turn.slot("parcel_attempts") or 0) + 1
    if attempts >= MAX_ATTEMPTS:
        turn.say("utter_parcel_stuck")
    return {f"parcel_{field}": None, "parcel_problem": "unreadable", "parcel_attempts": min(attempts, MAX_ATTEMPTS)}
