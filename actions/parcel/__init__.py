"""Sending a parcel in the chat: asking for it question by question, quoting, creating it once, calling it off."""

from actions.parcel.answering import ValidateParcelForm
from actions.parcel.cancelling import CancelDelivery, LeaveParcel
from actions.parcel.changing import ChangeParcel, HelpWithParcel, ResumeParcel
from actions.parcel.confirming import AskParcelConfirmation
from actions.parcel.creating import CreateParcel

__all__ = [
    "AskParcelConfirmation",
    "CancelDelivery",
    "ChangeParcel",
    "CreateParcel",
    "HelpWithParcel",
    "LeaveParcel",
    "ResumeParcel",
    "ValidateParcelForm",
]
