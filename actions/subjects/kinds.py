"""What may be paid, moved, called off or complained about: an order, or a delivery of its own."""

from trade.missions import Mission
from trade.orders import Order

#: The delivery that brings an order is no subject: what is done is done with the order.
type Subject = Mission | Order


def code_entity(subject: Subject) -> str:
    """Under which name a button carries its code."""
    return "order_code" if isinstance(subject, Order) else "delivery_code"


def brings_an_order(subject: Subject) -> bool:
    """Whether it is a delivery that belongs to an order."""
    return isinstance(subject, Mission) and subject.order_code is not None
