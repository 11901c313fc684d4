"""What is on the person's screen: "cancel it", right after an order was shown, means that one."""

from rasa_sdk.events import SlotSet

from actions.subjects.kinds import Subject
from actions.turn import Event, Turn
from trade.missions import Mission
from trade.orders import Order


def is_shown(turn: Turn, subject: Subject) -> bool:
    """Whether it is what the person sees."""
    if isinstance(subject, Order):
        return subject.code == shown_order(turn)
    return bool(subject.code == turn.slot("shown_delivery"))


def shown_order(turn: Turn) -> str | None:
    """The code of the order on the screen, unless another delivery has taken its place there."""
    slot = turn.slot("shown_order") or {}
    return slot["code"] if slot and slot["delivery"] == turn.slot("shown_delivery") else None


def shown(subject: Subject) -> list[Event]:
    """From now on this one is on the screen."""
    if isinstance(subject, Mission):
        return [SlotSet("shown_delivery", subject.code)]
    slot = {"code": subject.code, "delivery": subject.mission_code}
    return [SlotSet("shown_order", slot), SlotSet("shown_delivery", subject.mission_code)]
