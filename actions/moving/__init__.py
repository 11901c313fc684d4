"""Bringing an order or a delivery to another address, while the backend allows it."""

from actions.moving.answering import ValidateAddressForm
from actions.moving.confirming import AskNewDropoffConfirmation
from actions.moving.doing import MoveDropoff
from actions.moving.starting import ChangeAddress, LeaveMove

__all__ = ["AskNewDropoffConfirmation", "ChangeAddress", "LeaveMove", "MoveDropoff", "ValidateAddressForm"]
