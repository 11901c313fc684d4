"""Another answer to a question that was answered before."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answers import place_named, place_of
from actions.checkout.options import option_title
from actions.parcel.draft import ASKED, FIELDS, FORM, PLACES, WANTED, accepted, asked_again, payment_so_far
from actions.spoken import SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION
from trade.markup import plain, shorten
from trade.payments import PaymentOption
from trade.phones import as_dialled


class ChangeParcel(SpokenAction):
    """Puts one question again: the one that was named, else the one chosen from a list."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """The field in the message, with the new address where it says one; else what has been answered so far."""
        field = turn.entity("parcel_field")
        if field in (None, *PLACES) and (place := place_named(turn)):
            changed = accepted(field or "dropoff", place)  # one speaks of bringing it there
            return [*(SlotSet(name, value) for name, value in changed.items()), FollowupAction(FORM)]
        if field in FIELDS:
            return [*asked_again(field, "chosen" if field == "payment" else "none"), FollowupAction(FORM)]
        rows = [_row(turn, each) for each in FIELDS if turn.slot(f"parcel_{each}") is not None]
        if not rows:
            return [FollowupAction(FORM)]
        turn.say("utter_parcel_change_what", buttons=rows)
        return [FollowupAction("action_listen")]


class HelpWithParcel(SpokenAction):
    """The question before, for who wants to go back; else the menu, and then the same question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_help_with_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """Before the first question there is only the menu."""
        asked = str(turn.slot("requested_slot") or "").removeprefix("parcel_")
        before = ASKED[: ASKED.index(asked)] if asked in ASKED else ASKED
        if turn.entity("step_back") and before:
            return [*asked_again(before[-1]), FollowupAction(FORM)]
        turn.say("utter_help")
        return [FollowupAction(FORM)]


def _row(turn: Turn, field: str) -> Row:
    return {
        "title": compose("parcel_field", turn.language, field=field),
        "description": shorten(_shown(turn, field), MAX_ROW_DESCRIPTION),
        "payload": payload("change_address", parcel_field=field),
    }


def _shown(turn: Turn, field: str) -> str:
    """What was answered."""
    value = turn.slot(f"parcel_{field}")
    if field == "payment":
        chosen = payment_so_far(turn)
        paid = turn.slot("parcel_quote") if not chosen or WANTED in chosen else chosen
        option = PaymentOption(method=paid["method"], provider=paid["provider"]) if paid else None
        return option_title(option, turn.language, MAX_ROW_DESCRIPTION) if option else "–"
    if field in PLACES:
        return plain(place_of(value).address or "📍")
    return as_dialled(value, None) if field == "recipient_phone" else plain(value) or "–"
