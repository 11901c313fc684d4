"""Sending a parcel in the chat: asking for it question by question, quoting, creating it once."""

from actions.parcel.answering import ValidateParcelForm
from actions.parcel.changing import ChangeParcel, HelpWithParcel
from actions.parcel.confirming import AskParcelConfirmation
from actions.parcel.creating import CreateParcel
from actions.parcel.dropping import DropParcel
from actions.parcel.leaving import LeaveParcel
from actions.parcel.offered import SendParcel
from actions.parcel.paying import AskParcelPayment

__all__ = [
    "AskParcelConfirmation",
    "AskParcelPayment",
    "ChangeParcel",
    "CreateParcel",
    "DropParcel",
    "HelpWithParcel",
    "LeaveParcel",
    "SendParcel",
    "ValidateParcelForm",
]
