"""What to say when the message was not understood: the likeliest meanings, then the menu."""

from rasa_sdk.events import FollowupAction

from actions.spoken import SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose

MEANINGS_OFFERED = 2  # beside the menu: WhatsApp shows three buttons

MENU = "help"

# What can be offered by its name; the titles are in content/meaning.*.j2.
OFFERED = frozenset(
    {
        "browse_products",
        "cancel_order",
        "change_address",
        "change_language",
        "claim",
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


class DefaultFallback(SpokenAction):
    """Takes the place of Rasa's own, which would undo the person's message."""

    def name(self) -> str:
        """As Rasa calls what it does when nothing else fits."""
        return "action_default_fallback"

    async def answer(self, turn: Turn) -> list[Event]:
        """Offer two meanings; the second time in a row, the whole menu."""
        if turn.entity("delivery_code"):
            return [FollowupAction("action_track_delivery")]
        offered = [meaning for meaning in turn.meanings if meaning in OFFERED][:MEANINGS_OFFERED]
        if offered and not was_lost_before(turn.events, self.name()):
            turn.say("utter_which_meaning", buttons=_buttons([*offered, MENU], turn.language))
        else:
            turn.say("utter_not_understood")
        return [FollowupAction("action_listen")]


def was_lost_before(events: list[Event], action: str) -> bool:
    """Whether the person's previous message was not understood either."""
    messages = [place for place, event in enumerate(events) if event.get("event") == "user"]
    if len(messages) < 2:
        return False
    between = events[messages[-2] : messages[-1]]
    return any(event.get("event") == "action" and event.get("name") == action for event in between)


def _buttons(intents: list[str], language: str) -> list[Row]:
    return [{"title": compose("meaning", language, intent=intent), "payload": payload(intent)} for intent in intents]
