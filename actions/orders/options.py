"""What may be done with an order or a delivery now, as rows of a list: the backend decides what is allowed."""

from actions.subjects import Subject, code_entity
from actions.turn import Row, payload
from actions.words import compose
from trade.missions import Allowed, Mission, MissionStatus
from trade.orders import Order, OrderStatus
from trade.payments import PaymentStatus

MOVING = frozenset({OrderStatus.PREPARING, OrderStatus.ON_THE_WAY})


def option_rows(subject: Subject, language: str) -> list[Row]:
    """The rows, the most wanted first."""
    code = {code_entity(subject): subject.code}
    options = {
        "track": payload("track_delivery", delivery_code=_delivery(subject)) if _delivery(subject) else None,
        "pay": _if(Allowed.PAY in subject.allowed, payload("payment_question", **code)),
        "contact_courier": _if(_has_courier(subject), payload("contact_courier", delivery_code=_delivery(subject))),
        "contact_merchant": _if(isinstance(subject, Order), payload("contact_merchant", **code)),
        "change_dropoff": _if(Allowed.CHANGE_DROPOFF in subject.allowed, payload("change_address", **code)),
        "cancel": _if(Allowed.CANCEL in subject.allowed, payload("cancel_order", **code)),
        "rate": _if(Allowed.RATE in subject.allowed, payload("rate", **code)),
        "receipt": _if(_is_paid(subject), payload("payment_question", receipt="yes", **code)),
        "reorder": payload("reorder", **code),
        "claim": _if(Allowed.CLAIM in subject.allowed, payload("claim", **code)),
    }
    return [
        {"title": compose("option", language, option=option), "payload": means}
        for option, means in options.items()
        if means is not None
    ]


def _if(condition: bool, means: str) -> str | None:
    return means if condition else None


def _delivery(subject: Subject) -> str:
    """The code of the delivery itself; "" for an order that has none."""
    return subject.code if isinstance(subject, Mission) else subject.mission_code or ""


def _has_courier(subject: Subject) -> bool:
    """Whether somebody carries it, as far as is known: an order does not tell who."""
    if isinstance(subject, Mission):
        return subject.assigned_courier is not None and subject.known_status is not MissionStatus.CANCELLED
    return bool(subject.mission_code) and subject.known_status in MOVING


def _is_paid(subject: Subject) -> bool:
    return subject.payment is not None and subject.payment.status == PaymentStatus.PAID
