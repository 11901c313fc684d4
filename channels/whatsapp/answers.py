"""What the Graph API answers: a message accepted, or one of our errors."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from channels.whatsapp.errors import Cause, ErrorRow, FailureKind, UnknownOutcome, WhatsAppError, error_of, look_up
from channels.whatsapp.json_object import text_or_none
from channels.whatsapp.transport import TransportResponse

LOST_ANSWER: Final = ErrorRow(
    kind=FailureKind.UNKNOWN,
    cause=Cause.LOST_ANSWER,
    advice="It may or may not have been sent; a receipt will tell.",
)

NOT_REACHED: Final = ErrorRow(
    kind=FailureKind.RETRYABLE,
    cause=Cause.TEMPORARY,
    advice="WhatsApp cannot be reached; it is tried again. Check the network and WHATSAPP_BASE_URL.",
)

_SECONDS: Final = re.compile(r"[0-9]{1,6}")
"""More digits would mean ten days and longer: a mistake, not a wish."""

_CODE_PREFIX: Final = re.compile(r"^\(#\d+\)\s*")
"""Meta opens its messages with the code, which stands beside them already."""

_UNKNOWN_CODE: Final = "A code of Meta's that is not known here yet: see its error codes."

_TRANSIENT: Final = ErrorRow(kind=FailureKind.RETRYABLE, cause=Cause.TEMPORARY, advice=_UNKNOWN_CODE)
_THROTTLED: Final = ErrorRow(kind=FailureKind.THROTTLED, cause=Cause.RATE, advice=_UNKNOWN_CODE)
_PERMANENT: Final = ErrorRow(kind=FailureKind.FINAL, cause=Cause.REQUEST, advice=_UNKNOWN_CODE)
_NOT_GRAPH: Final = ErrorRow(
    kind=FailureKind.FINAL,
    cause=Cause.REQUEST,
    advice="This is no answer of the Graph API: check WHATSAPP_BASE_URL and WHATSAPP_API_VERSION.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Meta took the message; receipts tell what becomes of it."""

    wamid: str = field(repr=False)  # encodes the phone number
    wa_id: str | None = field(repr=False)  # Meta's spelling of the recipient's number
    status: str | None  # accepted, held_for_quality_assessment, paused


def read_accepted(response: TransportResponse) -> Accepted:
    """Meta said yes; where its id for the message cannot be read, the message may have gone out nonetheless."""
    document = _decode(response.body)
    message, contact = _first(document, "messages"), _first(document, "contacts")
    wamid = text_or_none(message, "id")
    if wamid is None:
        raise UnknownOutcome(LOST_ANSWER)
    return Accepted(wamid=wamid, wa_id=text_or_none(contact, "wa_id"), status=text_or_none(message, "message_status"))


def read_error(response: TransportResponse) -> WhatsAppError:
    envelope = _decode(response.body)
    error = envelope.get("error") if isinstance(envelope, Mapping) else None
    retry_after_seconds = _retry_after(response.headers)
    if not isinstance(error, Mapping) or not isinstance(code := error.get("code"), int):
        return error_of(_row_without_code(response.status), retry_after_seconds=retry_after_seconds)
    subcode, data = error.get("error_subcode"), error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else data
    row = look_up(code, subcode if isinstance(subcode, int) else None)
    return error_of(
        row or _row_of_unknown_code(response.status, error.get("is_transient") is True),
        code=code,
        title=_CODE_PREFIX.sub("", _text(error.get("message"))),
        details=_text(details),
        retry_after_seconds=retry_after_seconds,
    )


def _row_of_unknown_code(status: int, is_transient: bool) -> ErrorRow:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _THROTTLED
    return _TRANSIENT if is_transient or status >= HTTPStatus.INTERNAL_SERVER_ERROR else _PERMANENT


def _row_without_code(status: int) -> ErrorRow:
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
        # A gateway says that it lost the answer, not that nothing was carried out.
        return LOST_ANSWER
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _THROTTLED
    return NOT_REACHED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _NOT_GRAPH


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds; Meta never sends the form with a date."""
    given = headers.get("retry-after", "").strip()
    return int(given) if _SECONDS.fullmatch(given) else None


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _first(document: Any, name: str) -> Any:
    items = document.get(name) if isinstance(document, Mapping) else None
    return items[0] if isinstance(items, list) and items else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
