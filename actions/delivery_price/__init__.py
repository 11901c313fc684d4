"""What a delivery from here to there would cost, before anybody sends anything."""

from actions.delivery_price.answering import ValidateWayForm
from actions.delivery_price.telling import LeaveWay, TellDeliveryPrice

__all__ = ["LeaveWay", "TellDeliveryPrice", "ValidateWayForm"]
