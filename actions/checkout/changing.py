"""Another answer to a question that was answered before, one question back, and leaving."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answers import place_named, place_of
from actions.checkout.draft import FIELDS, FORM, RECIPIENT, Summary, accepted, asked_again, forgotten, payment_options
from actions.checkout.options import option_title
from actions.spoken import SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION
from trade.markup import plain, shorten
from trade.payments import PaymentOption
from trade.phones import as_dialled

#: Rows of the list; the phone of a recipient is asked for with the name.
SHOWN = ("dropoff", "recipient_name", "payment", "note")


class ChangeCheckout(SpokenAction):
    """Puts one question again: the one that was named, else the one chosen from a list."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_checkout"

    async def answer(self, turn: Turn) -> list[Event]:
        """The address or the field in the message, else what can be changed. The rest of a summary is the cart."""
        if place := place_named(turn):
            changed = accepted("dropoff", place)
            return [*(SlotSet(name, value) for name, value in changed.items()), FollowupAction(FORM)]
        field = turn.entity("checkout_field") or turn.entity("parcel_field")
        if field in FIELDS:
            if field == "recipient_name" and turn.slot("requested_slot") != "checkout_recipient_name":
                turn.say("utter_checkout_for_somebody")
            return [*asked_again(field), FollowupAction(FORM)]
        rows = [_row(turn, each) for each in SHOWN if turn.slot(f"checkout_{each}") is not None]
        if turn.slot("checkout_dropoff") is None:
            return [SlotSet("checkout_suggested", None), FollowupAction(FORM)]
        cart = {"title": compose("checkout_field", turn.language, field="cart"), "payload": payload("show_cart")}
        turn.say("utter_checkout_change_what", buttons=[cart, *rows])
        return [FollowupAction("action_listen")]


class HelpWithCheckout(SpokenAction):
    """The question before, for who wants to go back; else the menu, and then the same question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_help_with_checkout"

    async def answer(self, turn: Turn) -> list[Event]:
        """Before the first question there is only the menu."""
        asked = str(turn.slot("requested_slot") or "").removeprefix("checkout_")
        before = [field for field in _before(asked) if _was_asked(turn, field)]
        if turn.entity("step_back") and before:
            return [*asked_again(before[-1]), FollowupAction(FORM)]
        turn.say("utter_help")
        return [FollowupAction(FORM)]


class LeaveCheckout(SpokenAction):
    """Forgets what was said about the order; the cart stays."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_checkout"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was ordered, so nothing is to be undone; where that is not known, it is found out."""
        if Summary.in_doubt_of(turn):
            return [FollowupAction("action_drop_order")]
        turn.say("utter_checkout_left")
        return forgotten()


def _before(asked: str) -> tuple[str, ...]:
    """The questions before this one."""
    return FIELDS[: FIELDS.index(asked)] if asked in FIELDS else FIELDS


def _was_asked(turn: Turn, field: str) -> bool:
    """A recipient only where there is one, and the payment only where there is a choice."""
    if field == "payment":
        return len(payment_options(turn)) > 1
    return field not in RECIPIENT or bool(turn.slot(f"checkout_{field}"))


def _row(turn: Turn, field: str) -> Row:
    return {
        "title": compose("checkout_field", turn.language, field=field),
        "description": shorten(_shown(turn, field), MAX_ROW_DESCRIPTION),
        "payload": payload("change_address", checkout_field=field),
    }


def _shown(turn: Turn, field: str) -> str:
    """What was answered."""
    value = turn.slot(f"checkout_{field}")
    match field:
        case "dropoff":
            return plain(place_of(value).address or "📍")
        case "payment":
            return option_title(PaymentOption(**value), turn.language)
        case "recipient_name" if value:
            return f"{plain(value)} · {as_dialled(turn.slot('checkout_recipient_phone') or '', None)}"
        case _:
            return plain(value) or "–"
