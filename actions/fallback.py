"""When the message was not understood: what it names, the likeliest meanings, then the menu, then a human."""

from itertools import pairwise

from rasa_sdk.events import FollowupAction

from actions.people import PeopleError
from actions.questions import put, put_before
from actions.shop.knowing import may_be_shopping, shop_action
from actions.shop.prices import WAY_WANTED
from actions.shop.visit import Visit
from actions.spoken import CustomerAction
from actions.turn import Event, Row, Turn, payload
from actions.ways import read_way
from actions.words import compose
from backend import BackendError

MEANINGS_OFFERED = 2  # beside the menu: WhatsApp shows three buttons

TIMES_UNTIL_HUMAN = 3  # in a row: the third is handed over; of what is none of our business, a human is offered
HUMAN_OFFERED = "human"  # the topic of the question whether the team is to know

LOST = frozenset({"action_default_fallback", "action_out_of_scope", "utter_out_of_scope"})

MENU = "help"

# What is done about a message that was not understood and names one of these.
NAMED = {
    "delivery_code": "action_track_delivery",
    "order_code": "action_track_delivery",
    "whereabouts": "action_where_is_courier",
    "claim_id": "action_claim_status",
    "preparation": "action_note_for_merchant",
    "payment_reference": "action_give_reference",
}

# What can be offered by its name; the titles are in content/meaning.*.j2.
OFFERED = frozenset(
    {
        "browse_products",
        "cancel_order",
        "change_address",
        "change_language",
        "claim",
        "claim_status",
        "contact_courier",
        "contact_merchant",
        "create_delivery",
        "delivery_delay",
        "human_agent",
        "lost_code",
        "notifications_opt_in",
        "notifications_opt_out",
        "order_history",
        "order_product",
        "payment_question",
        "price_question",
        "promo_code",
        "rate",
        "reorder",
        "share_tracking",
        "show_cart",
        "track_delivery",
    }
)


class DefaultFallback(CustomerAction):
    """Takes the place of Rasa's own, which would undo the person's message."""

    def name(self) -> str:
        """As Rasa calls what it does when nothing else fits."""
        return "action_default_fallback"

    async def answer(self, turn: Turn) -> list[Event]:
        """Take up what is named; else offer two meanings, the second time in a row the menu, the third time a human."""
        if named := await action_named(self, turn):
            return [FollowupAction(named)]
        times = times_lost_before(turn.events) % TIMES_UNTIL_HUMAN
        if times == TIMES_UNTIL_HUMAN - 1:
            return [FollowupAction("action_human_agent")]
        offered = [meaning for meaning in turn.meanings if meaning in OFFERED][:MEANINGS_OFFERED]
        if offered and times == 0:
            turn.say("utter_which_meaning", buttons=_buttons([*offered, MENU], turn.language))
        else:
            turn.say("utter_not_understood")
        # The question of a form waits for its answer, and is put again.
        return [FollowupAction(turn.form or "action_listen")]


class OutOfScope(CustomerAction):
    """Says that this is none of the assistant's business, unless it names something that is."""

    def name(self) -> str:
        """As in the domain."""
        return "action_out_of_scope"

    async def answer(self, turn: Turn) -> list[Event]:
        """A name or a code alone looks like anything to a classifier. Who goes on in vain is offered a human, once."""
        if named := await action_named(self, turn):
            return [FollowupAction(named)]
        if times_lost_before(turn.events) == TIMES_UNTIL_HUMAN - 1:
            turn.say("utter_out_of_scope_again")
            return [put(turn, HUMAN_OFFERED)]
        turn.say("utter_out_of_scope")
        return []


async def action_named(action: CustomerAction, turn: Turn) -> str | None:
    """What is done about what the message names, whatever it says about it. A backend that is away sells nothing."""
    for entity, does in NAMED.items():
        if turn.entity(entity):
            return does
    if put_before(turn).get("topic") == WAY_WANTED and read_way(turn.text).is_whole:
        return "action_delivery_price"
    if not may_be_shopping(turn):
        return None
    try:
        return await shop_action(await Visit.of(action, turn))
    except (BackendError, PeopleError):
        return None


def times_lost_before(events: list[Event]) -> int:
    """How many messages in a row, right before this one, were not understood, or were none of our business."""
    messages = [place for place, event in enumerate(events) if event.get("event") == "user"]
    times = 0
    for begin, end in reversed(list(pairwise(messages))):
        if LOST.isdisjoint(each.get("name") for each in events[begin:end] if each.get("event") == "action"):
            break
        times += 1
    return times


def _buttons(intents: list[str], language: str) -> list[Row]:
    return [{"title": compose("meaning", language, intent=intent), "payload": payload(intent)} for intent in intents]
