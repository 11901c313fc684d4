"""What was ordered and sent: the list of it, one of it with all that may be done with it, calling it off."""

from actions.orders.cancelling import CancelOrder, CancelShown
from actions.orders.history import ShowHistory

__all__ = ["CancelOrder", "CancelShown", "ShowHistory"]
