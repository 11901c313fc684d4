"""Asks the business system, on behalf of one customer; this package is the only place that knows its URLs."""

from backend.aftercare import AftercareCalls
from backend.missions import MissionCalls
from backend.orders import OrderCalls
from backend.shop import ShopCalls
from backend.withdrawals import WithdrawalCalls


class BackendClient(MissionCalls, ShopCalls, OrderCalls, AftercareCalls, WithdrawalCalls):
    """The calls of docs/backend.md as methods; raises nothing but `BackendError`.

    A write takes a `key`: the same for every try of one wish, or it may be done twice. `write_key` makes one, and
    what is no key at all is a ValueError.
    """


def write_key(wish: str, action: str, ordinal: int = 1) -> str:
    """The key of one write: the id of the wish (a turn's, or that of a confirmation), the action, its how-manieth."""
    return f"{wish}:{action}:{ordinal}"
