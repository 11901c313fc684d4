"""What a provider told of a message, in one shape: WhatsApp's status updates, and the reports of the other channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from channels.failures import Remedy, remedy_of
from channels.reports import Report, What
from channels.whatsapp.errors import error_in_receipt
from channels.whatsapp.received.receipts import Pricing
from channels.whatsapp.webhook import StatusUpdate
from notifications.status import FROM_WHATSAPP, Status

WHATSAPP: Final = "whatsapp"

FROM_REPORT: Final[Mapping[What, Status]] = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "opened": Status.READ,
    "clicked": Status.READ,
    "failed": Status.FAILED,
}
"""Words of the other channels; the rest is kept and moves no message."""

IN_REPORTS: Final[Mapping[Remedy, Remedy]] = {
    Remedy.TRY_AGAIN: Remedy.TRY_A_FEW_TIMES,
    Remedy.STOP_PROVIDER: Remedy.MEND_REQUEST,
}
"""Who reports a failure took the message and tried it already: it goes again a few times at most, also where the same
report comes back each time."""

OPT_OUTS: Final = frozenset({"unsubscribed", "complained"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a message did not arrive, as its provider says."""

    code: int | None
    reason: str
    remedy: Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a provider tells. It may come in any order and any number of times."""

    provider: str
    provider_message_id: str = field(repr=False)  # WhatsApp's encodes the phone number
    our_id: str | None
    """The message id that we gave along when sending."""
    word: str
    """The provider's own, or ours for it, as it is kept."""
    status: Status | None
    """What the message is then; None where the word moves no message."""
    refused: Refused | None = None
    at: datetime
    recipient: str = field(default="", repr=False)
    phone_number_id: str = ""
    """WhatsApp: the number of ours that the message is from."""
    event_id: str | None = None
    """The provider's name for this report, where it has one."""
    pricing: Pricing | None = None
    """WhatsApp: what Meta bills."""
    segments: int | None = None
    """SMS: what the provider bills."""
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def is_opt_out(self) -> bool:
        """The person wants nothing more on this channel."""
        return self.word in OPT_OUTS


def told_by_whatsapp(status: StatusUpdate) -> Told:
    refused = None
    if status.errors:
        first = status.errors[0]
        error = error_in_receipt(first.code, first.title, first.details)
        refused = Refused(code=error.code, reason=str(error), remedy=error.remedy)
    return Told(
        provider=WHATSAPP,
        provider_message_id=status.wamid,
        our_id=status.callback_data,
        word=status.status,
        status=FROM_WHATSAPP.get(status.status),
        refused=refused,
        at=status.at,
        recipient=status.recipient or "",
        phone_number_id=status.phone_number_id,
        pricing=status.pricing,
        raw=status.raw,
    )


def told_by(report: Report) -> Told:
    """A report of email, SMS, or of the simulated provider."""
    refused = None
    if report.failure is not None:
        code = int(report.code) if report.code is not None and report.code.isascii() and report.code.isdigit() else None
        remedy = remedy_of(report.failure)
        refused = Refused(code=code, reason=report.failure.advice, remedy=IN_REPORTS.get(remedy, remedy))
    return Told(
        provider=report.provider,
        # What names no message of the provider's is kept by our own id, else by the report's.
        provider_message_id=report.provider_message_id or report.our_id or report.event_id,
        our_id=report.our_id,
        word=report.what,
        status=FROM_REPORT.get(report.what),
        refused=refused,
        at=report.at,
        recipient=report.recipient or "",
        event_id=report.event_id,
        segments=report.segments,
        raw=report.raw,
    )
