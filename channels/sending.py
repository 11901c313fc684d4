"""What the clients of email and SMS say of a send: accepted, or one of these errors.

    SendError                   carries its row (kind, cause, advice), and the provider's code and words, if any
    ├── Retryable               nothing was carried out; the same request may pass later
    ├── Throttled               the same, and what goes beside it must slow down
    ├── Rejected                final: never passes as it is; `cause` says what could be done instead
    └── UnknownOutcome          the answer was lost: it may have been carried out

Outside this tree stands InvalidMessage, raised before anything leaves. No error holds a recipient, a text or a
secret: what a provider says is kept without addresses and long numbers.
"""

from dataclasses import dataclass
from typing import Final

from channels.failures import Cause, FailureKind, FailureRow, without_private
from channels.json_text import storable_text
from channels.transport import NotSent, TransportError

LOST_ANSWER: Final = FailureRow(
    kind=FailureKind.UNKNOWN,
    cause=Cause.LOST_ANSWER,
    advice="It may or may not have been sent; a receipt may tell.",
)

MAX_DETAILS: Final = 500
"""characters that are kept of what a provider says; some answer with a page of HTML. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took the message; reports tell what becomes of it."""

    provider_message_id: str | None
    """The provider's name for it, where it told one; of SMTP the Message-ID that we gave it."""


class SendError(Exception):
    """A message did not go, or nobody knows whether it went."""

    def __init__(
        self,
        row: FailureRow,
        *,
        code: str | None = None,
        details: str = "",
        retry_after_seconds: int | None = None,
    ) -> None:
        self.row = row
        self.kind = row.kind
        self.cause = row.cause
        self.advice = row.advice
        self.code = code
        self.details = without_private(" ".join(storable_text(details).split()))[:MAX_DETAILS]
        asked = retry_after_seconds if retry_after_seconds is not None else row.retry_after_seconds
        self.retry_after_seconds = asked  # None leaves it to whoever tries again
        known = [f"({code})" if code is not None else "", _ended(self.details), self.advice]
        super().__init__(" ".join(part for part in known if part))


class Retryable(SendError):
    """Nothing was carried out; the same request may pass later."""


class Throttled(SendError):
    """Nothing was carried out; it may pass later, and what goes beside it must slow down."""


class Rejected(SendError):
    """The message never passes as it is, here."""


class UnknownOutcome(SendError):
    """The message left, or may have left, and the answer is lost."""


_CLASSES: Final[dict[FailureKind, type[SendError]]] = {
    FailureKind.RETRYABLE: Retryable,
    FailureKind.THROTTLED: Throttled,
    FailureKind.FINAL: Rejected,
    FailureKind.UNKNOWN: UnknownOutcome,
}


def send_error(
    row: FailureRow, *, code: str | None = None, details: str = "", retry_after_seconds: int | None = None
) -> SendError:
    """The error of a row's kind."""
    return _CLASSES[row.kind](row, code=code, details=details, retry_after_seconds=retry_after_seconds)


def error_of_transport(error: TransportError, not_reached: FailureRow) -> SendError:
    """What a request that brought no answer means for the message in it."""
    if isinstance(error, NotSent):
        return send_error(not_reached, details=str(error))
    return send_error(LOST_ANSWER, details=str(error))


def _ended(sentence: str) -> str:
    """What providers say often has no full stop, and more follows here."""
    return f"{sentence}." if sentence and sentence[-1] not in ".!?" else sentence
