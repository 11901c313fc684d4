"""What OVH says of an SMS that left: its delivery receipt, and a finer code (ptt) where it failed.

Source: OVH's guide on SMS users, which calls its list of ptt codes not exhaustive.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from channels.failures import Cause, FailureKind, FailureLine, FailureRow
from channels.reports import Report, What

PROVIDER: Final = "ovh"

_RECEIPTS: Final[Mapping[int, What]] = {
    0: "other",  # being made, or waiting to leave
    1: "delivered",
    2: "failed",
    4: "sent",
    8: "sent",  # held by the network
    16: "failed",  # in error, and not billed
}

_TRIES_AGAIN: Final = frozenset({1, 2, 7})
"""ptt: a phone, an operator or a prepaid credit in the way; the network goes on trying"""


def read_outgoing(told: Mapping[str, Any], asked_at: datetime) -> Report:
    receipt, ptt = _number(told, "deliveryReceipt"), _number(told, "ptt")
    what = _RECEIPTS.get(-1 if receipt is None else receipt, "other")
    if what == "sent" and ptt in _TRIES_AGAIN:
        what = "deferred"
    message_id, our_id = told.get("id"), told.get("tag")
    return Report(
        provider=PROVIDER,
        provider_message_id=str(message_id) if isinstance(message_id, int) else None,
        our_id=our_id if isinstance(our_id, str) and our_id else None,
        what=what,
        at=_moment(told.get("deliveredAt")) or asked_at,
        recipient=told.get("receiver") if isinstance(told.get("receiver"), str) else None,
        code=str(ptt) if ptt is not None else None,
        segments=_number(told, "numberOfSms"),
        failure=_PTTS.get(-1 if ptt is None else ptt, _NO_REASON) if what == "failed" else None,
        event_id=f"{message_id}:{receipt}:{ptt}",
        raw=told,
    )


def all_rows() -> Iterator[FailureLine]:
    """Every line of the table of ptt codes, for a page."""
    for code, row in _PTTS.items():
        yield FailureLine(codes=str(code), row=row)
    yield FailureLine(codes="other", row=_NO_REASON)


def _retryable(cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.RETRYABLE, cause=cause, advice=advice)


def _final(cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.FINAL, cause=cause, advice=advice)


_NO_REASON: Final = _final(Cause.RECIPIENT, "It did not arrive, and OVH names no reason known here.")

_PTTS: Final[Mapping[int, FailureRow]] = {
    5: _final(Cause.RECIPIENT, "It did not arrive, and the operator names no reason."),
    8: _retryable(Cause.RECIPIENT, "The phone was out of reach for too long; it may pass later."),
    20: _final(Cause.CONTENT, "The operator cannot deliver it in this form: look at its letters and length."),
    21: _retryable(Cause.RECIPIENT, "The person's prepaid credit was used up; it may pass later."),
    23: _final(Cause.RECIPIENT, "The number is wrong or barred: ask the person for another."),
    24: _retryable(Cause.RECIPIENT, "The phone is off or out of reach; it may pass later."),
    25: _retryable(Cause.TEMPORARY, "The operator's network had a difficulty; it may pass later."),
    26: _retryable(Cause.RECIPIENT, "The phone is full or busy; it may pass later."),
    27: _final(Cause.RECIPIENT, "The phone takes no such messages: use another channel."),
    28: _final(Cause.CONTENT, "The operator takes it for spam: look at its words, links and sender."),
    29: _final(Cause.CONTENT, "The operator does not allow what it says: look at its words, links and sender."),
    33: _final(Cause.CONTENT, "A parental lock keeps it from the person: look at its words."),
    39: _retryable(Cause.TEMPORARY, "The operator had a failure; it may pass later."),
    73: _final(Cause.RECIPIENT, "The number was ported and cannot be reached: use another channel."),
    74: _retryable(Cause.RECIPIENT, "The phone is roaming; it may pass later."),
    76: _final(Cause.RECIPIENT, "The operator blocks messages from OVH to this number: use another channel."),
    202: _final(Cause.RECIPIENT, "The operator blocks messages from OVH to this number: use another channel."),
}


def _number(told: Mapping[str, Any], name: str) -> int | None:
    value = told.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
