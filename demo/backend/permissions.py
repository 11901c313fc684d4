"""What a customer may do with a mission or an order, by how far it is."""

from demo.backend.contract.payments import Payment

CANCELLABLE = frozenset({"pending", "accepted"})  # until the courier stands at the door
ORDER_CANCELLABLE = frozenset({"pending"})  # until somebody cooks it
MOVABLE = frozenset({"pending", "accepted", "pickup_arrived"})  # until the parcel is on its way


def allowed_for_mission(status: str, payment: Payment | None, *, is_of_order: bool) -> list[str]:
    """A delivery that brings an order is cancelled, moved, and paid with the order."""
    if is_of_order:
        return [*(["rate"] if status == "delivered" else []), "claim"]
    return _allowed(status, payment, CANCELLABLE)


def allowed_for_order(status: str, payment: Payment | None) -> list[str]:
    """By the status of the mission that brings it."""
    return _allowed(status, payment, ORDER_CANCELLABLE)


def _allowed(status: str, payment: Payment | None, cancellable: frozenset[str]) -> list[str]:
    rules = {
        "cancel": status in cancellable,
        "change_dropoff": status in MOVABLE,
        "pay": payment is not None and payment.method == "mobile_money" and payment.status == "due",
        "rate": status == "delivered",
        "claim": True,
    }
    return [what for what, may in rules.items() if may]
