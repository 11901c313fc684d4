"""What goes wrong when we ask WhatsApp for something. Callers catch the base and act on its kind, or on a class:

    WhatsAppError               carries kind, cause, remedy, advice; code, title and details where Meta gave them
    ├── Retryable               nothing was carried out; the same request may pass later
    ├── Throttled               the same, and what goes beside it must slow down
    │   └── PairThrottled       only towards this one person
    ├── Rejected                final: never passes as it is; `cause` says what could be done instead
    └── UnknownOutcome          the answer was lost: it may have been carried out

Outside this tree stands InvalidMessage, raised before anything leaves. No error holds a recipient, a text or a
token: what Meta says is kept without long numbers and message ids.
"""

from typing import Final

from channels.failures import Cause, FailureKind, Remedy, without_private
from channels.whatsapp.error_codes import ErrorRow, look_up
from channels.whatsapp.usage import NO_USAGE, Usage

__all__ = [
    "UNKNOWN_CODE",
    "Cause",
    "ErrorRow",
    "FailureKind",
    "PairThrottled",
    "Rejected",
    "Remedy",
    "Retryable",
    "Throttled",
    "UnknownOutcome",
    "WhatsAppError",
    "error_in_receipt",
    "error_of",
    "look_up",
]

UNKNOWN_CODE: Final = ErrorRow(
    kind=FailureKind.FINAL,
    cause=Cause.REQUEST,
    remedy=Remedy.MEND_REQUEST,
    advice="A code of Meta's that is not known here yet: see its error codes.",
)


class WhatsAppError(Exception):
    """A request to WhatsApp did not end well."""

    def __init__(
        self,
        row: ErrorRow,
        *,
        code: int | None = None,
        title: str = "",
        details: str = "",
        retry_after_seconds: int | None = None,
        usage: Usage = NO_USAGE,
    ) -> None:
        self.kind = row.kind
        self.cause = row.cause
        self.remedy = row.remedy
        self.advice = row.advice
        self.code = code
        self.title = without_private(title)
        self.details = without_private(details)
        self.retry_after_seconds = retry_after_seconds  # as Meta asks; None leaves it to us
        self.usage = usage
        known = [f"({code})" if code is not None else "", _ended(self.title), self.advice]
        super().__init__(" ".join(part for part in known if part))


class Retryable(WhatsAppError):
    """Nothing was carried out; the same request may pass later."""


class Throttled(WhatsAppError):
    """Nothing was carried out; it may pass later, and what goes beside it must slow down."""


class PairThrottled(Throttled):
    """Too many messages to one person; sending to others need not slow down."""


class Rejected(WhatsAppError):
    """The request never passes as it is."""


class UnknownOutcome(WhatsAppError):
    """The request left, or may have left, and its answer is lost."""


_CLASSES: Final[dict[FailureKind, type[WhatsAppError]]] = {
    FailureKind.RETRYABLE: Retryable,
    FailureKind.THROTTLED: Throttled,
    FailureKind.FINAL: Rejected,
    FailureKind.UNKNOWN: UnknownOutcome,
}


def _ended(sentence: str) -> str:
    """Meta's titles often have no full stop, and more follows here."""
    return f"{sentence}." if sentence and sentence[-1] not in ".!?" else sentence


def error_of(
    row: ErrorRow,
    *,
    code: int | None = None,
    title: str = "",
    details: str = "",
    retry_after_seconds: int | None = None,
    usage: Usage = NO_USAGE,
) -> WhatsAppError:
    raised = PairThrottled if row.cause is Cause.PAIR_RATE else _CLASSES[row.kind]
    return raised(row, code=code, title=title, details=details, retry_after_seconds=retry_after_seconds, usage=usage)


def error_in_receipt(code: int, title: str, details: str) -> WhatsAppError:
    """The error that a `failed` receipt reports; a code not known yet never passes, as far as we know."""
    return error_of(look_up(code) or UNKNOWN_CODE, code=code, title=title, details=details)
