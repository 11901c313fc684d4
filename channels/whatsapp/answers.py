"""What the Graph API answers: a message accepted, or one of our errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from channels.http_answers import decode, retry_after_seconds
from channels.transport import TransportResponse
from channels.whatsapp.errors import (
    UNKNOWN_CODE,
    Cause,
    ErrorRow,
    FailureKind,
    Remedy,
    UnknownOutcome,
    WhatsAppError,
    error_of,
    look_up,
)
from channels.whatsapp.json_object import text_or_none
from channels.whatsapp.usage import NO_USAGE, Usage, read_usage

LOST_ANSWER: Final = ErrorRow(
    kind=FailureKind.UNKNOWN,
    cause=Cause.LOST_ANSWER,
    remedy=Remedy.AWAIT_RECEIPT,
    advice="It may or may not have been sent; a receipt will tell.",
)

NOT_REACHED: Final = ErrorRow(
    kind=FailureKind.RETRYABLE,
    cause=Cause.TEMPORARY,
    remedy=Remedy.TRY_AGAIN,
    advice="WhatsApp cannot be reached. Check the network and WHATSAPP_BASE_URL.",
)

_CODE_PREFIX: Final = re.compile(r"^\(#\d+\)\s*")
"""Meta opens its messages with the code, which stands beside them already."""

_TRANSIENT: Final = ErrorRow(
    kind=FailureKind.RETRYABLE, cause=Cause.TEMPORARY, remedy=Remedy.TRY_A_FEW_TIMES, advice=UNKNOWN_CODE.advice
)
_THROTTLED: Final = ErrorRow(
    kind=FailureKind.THROTTLED, cause=Cause.RATE, remedy=Remedy.SLOW_NUMBER, advice=UNKNOWN_CODE.advice
)
_NOT_GRAPH: Final = ErrorRow(
    kind=FailureKind.FINAL,
    cause=Cause.REQUEST,
    remedy=Remedy.MEND_REQUEST,
    advice="This is no answer of the Graph API: check WHATSAPP_BASE_URL and WHATSAPP_API_VERSION.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Meta took the message; receipts tell what becomes of it."""

    wamid: str = field(repr=False)  # encodes the phone number
    wa_id: str | None = field(repr=False)  # Meta's spelling of the recipient's number
    user_id: str | None = field(default=None, repr=False)  # their business-scoped user id
    status: str | None  # accepted, held_for_quality_assessment, paused
    usage: Usage = NO_USAGE


def read_accepted(response: TransportResponse) -> Accepted:
    """Meta said yes; where its id for the message cannot be read, the message may have gone out nonetheless."""
    document = decode(response.body)
    message, contact = _first(document, "messages"), _first(document, "contacts")
    wamid = text_or_none(message, "id")
    if wamid is None:
        raise UnknownOutcome(LOST_ANSWER)
    return Accepted(
        wamid=wamid,
        wa_id=text_or_none(contact, "wa_id"),
        user_id=text_or_none(contact, "user_id"),
        status=text_or_none(message, "message_status"),
        usage=read_usage(response.headers),
    )


def read_error(response: TransportResponse) -> WhatsAppError:
    envelope = decode(response.body)
    error = envelope.get("error") if isinstance(envelope, Mapping) else None
    usage = read_usage(response.headers)
    wait_seconds = _retry_after(response.headers, usage)
    if not isinstance(error, Mapping) or not isinstance(code := error.get("code"), int):
        return error_of(_row_without_code(response.status), retry_after_seconds=wait_seconds, usage=usage)
    subcode, data = error.get("error_subcode"), error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else data
    row = look_up(code, subcode if isinstance(subcode, int) else None)
    return error_of(
        row or _row_of_unknown_code(response.status, error.get("is_transient") is True),
        code=code,
        title=_CODE_PREFIX.sub("", _text(error.get("message"))),
        details=_text(details),
        retry_after_seconds=wait_seconds,
        usage=usage,
    )


def _row_of_unknown_code(status: int, is_transient: bool) -> ErrorRow:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _THROTTLED
    return _TRANSIENT if is_transient or status >= HTTPStatus.INTERNAL_SERVER_ERROR else UNKNOWN_CODE


def _row_without_code(status: int) -> ErrorRow:
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
        # A gateway says that it lost the answer, not that nothing was carried out.
        return LOST_ANSWER
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _THROTTLED
    return NOT_REACHED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _NOT_GRAPH


def _retry_after(headers: Mapping[str, str], usage: Usage) -> int | None:
    """Seconds, from the header or from what Meta says about its allowance, whichever is longer."""
    asked = retry_after_seconds(headers)
    return max(asked or 0, usage.regain_seconds) if asked is not None or usage.regain_seconds else None


def _first(document: Any, name: str) -> Any:
    items = document.get(name) if isinstance(document, dict) else None
    return items[0] if isinstance(items, list) and items else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
