"""What a customer may do with a mission or an order, by how far it is."""

from datetime import datetime, timedelta

from demo.backend.contract.payments import Payment

CANCELLABLE = frozenset({"pending", "accepted"})  # until the courier stands at the door
ORDER_CANCELLABLE = frozenset({"pending"})  # until somebody cooks it
MOVABLE = frozenset({"pending", "accepted", "pickup_arrived"})  # until the parcel is on its way


def may_claim(delivered_at: datetime | None, claim_days: int | None, now: datetime) -> bool:
    """Whether the time for complaints has not run out; without `claim_days` it never does."""
    return claim_days is None or delivered_at is None or now <= delivered_at + timedelta(days=claim_days)


def allowed_for_mission(status: str, payment: Payment | None, *, is_of_order: bool, is_claimable: bool) -> list[str]:
    """A delivery that brings an order is cancelled, moved, and paid with the order."""
    if is_of_order:
        return [*(["rate"] if status == "delivered" else []), *(["claim"] if is_claimable else [])]
    return _allowed(status, payment, CANCELLABLE, is_claimable)


def allowed_for_order(status: str, payment: Payment | None, *, is_claimable: bool) -> list[str]:
    """By the status of the mission that brings it."""
    return _allowed(status, payment, ORDER_CANCELLABLE, is_claimable)


def _allowed(status: str, payment: Payment | None, cancellable: frozenset[str], is_claimable: bool) -> list[str]:
    rules = {
        "cancel": status in cancellable,
        "change_dropoff": status in MOVABLE,
        "pay": payment is not None and payment.method == "mobile_money" and payment.status == "due",
        "rate": status == "delivered",
        "claim": is_claimable,
    }
    return [what for what, may in rules.items() if may]
