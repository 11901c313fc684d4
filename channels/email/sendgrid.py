"""Sends emails by SendGrid's HTTP API.

SendError           what SendGrid or the way to it said no with (see `channels.sending`)
InvalidMessage      the styles of the page cannot be read, before anything leaves
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from channels.email.message import Email, Mailbox
from channels.email.mime import bodies, unsubscribe_headers
from channels.failures import Cause, FailureKind, FailureLine, FailureRow
from channels.http_answers import decode, retry_after_seconds
from channels.sending import LOST_ANSWER, Accepted, SendError, error_of_transport, send_error
from channels.transport import Transport, TransportError, TransportResponse

BASE_URL: Final = "https://api.sendgrid.com"
"""Of accounts in the EU region: https://api.eu.sendgrid.com"""

TIMEOUT_SECONDS: Final = 10.0
"""For one request; SendGrid answers in well under one. Our choice, far below the lease of whoever sends."""

OUR_ID: Final = "nid"
"""The custom argument that carries our message id, and comes back with each event. SendGrid keeps such arguments for
ever and shows them to its staff: nothing about a person may stand in one."""


def all_rows() -> Iterator[FailureLine]:
    """Every line of the table of SendGrid's answers, for a page."""
    for status, row in _STATUSES.items():
        yield FailureLine(codes=str(int(status)), row=row)
    yield FailureLine(codes="other 5xx", row=_UNWELL)
    yield FailureLine(codes="4xx about `from`", row=_SENDER)
    yield FailureLine(codes="4xx about the recipient", row=_RECIPIENT)
    yield FailureLine(codes="other", row=_MISTAKE)


class SendGridClient:
    def __init__(self, transport: Transport, api_key: str, base_url: str = BASE_URL) -> None:
        self._transport = transport
        self._url = f"{base_url.rstrip('/')}/v3/mail/send"
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}

    async def send(self, email: Email) -> Accepted:
        content = json.dumps(payload(email), ensure_ascii=False).encode()
        try:
            response = await self._transport.request("POST", self._url, self._headers, content, TIMEOUT_SECONDS)
        except TransportError as error:
            raise error_of_transport(error, _NOT_REACHED) from error
        if response.status not in range(200, 300):
            raise _refusal(response)
        # Without its id the message went nonetheless, and its events carry ours.
        return Accepted(provider_message_id=response.headers.get("x-message-id"))


def payload(email: Email) -> dict[str, Any]:
    """The JSON that SendGrid takes; https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send"""
    both = bodies(email)
    contents = [{"type": "text/plain", "value": both.text}]
    if both.html is not None:
        contents.append({"type": "text/html", "value": both.html})
    headers = {"Message-ID": email.rfc_message_id} | unsubscribe_headers(email) | dict(email.headers)
    return {
        "personalizations": [{"to": [_address(email.recipient)]}],
        "from": _address(email.sender),
        **({"reply_to": _address(email.reply_to)} if email.reply_to is not None else {}),
        "subject": email.subject,
        "content": contents,
        "headers": headers,
        **({"categories": list(email.categories)} if email.categories else {}),
        "custom_args": {OUR_ID: email.message_id},
    }


def _address(mailbox: Mailbox) -> dict[str, str]:
    return {"email": mailbox.address} | ({"name": mailbox.name} if mailbox.name else {})


def _row(kind: FailureKind, cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=kind, cause=cause, advice=advice)


_NOT_REACHED: Final = _row(
    FailureKind.RETRYABLE, Cause.TEMPORARY, "SendGrid cannot be reached. Check the network and its address."
)
_UNWELL: Final = _row(
    FailureKind.RETRYABLE, Cause.TEMPORARY, "SendGrid has a difficulty of its own; it is tried again."
)
_KEY: Final = "check the API key, its permission Mail Send, and whether the account may send."
_SENDER: Final = _row(
    FailureKind.FINAL, Cause.ACCOUNT, "SendGrid does not know the sender: verify the address or its domain there."
)
_RECIPIENT: Final = _row(
    FailureKind.FINAL, Cause.RECIPIENT, "SendGrid takes this for no address: ask the person for another."
)
_MISTAKE: Final = _row(
    FailureKind.FINAL, Cause.REQUEST, "SendGrid does not accept a part of the request: its words name it."
)

_STATUSES: Final[Mapping[int, FailureRow]] = {
    HTTPStatus.UNAUTHORIZED: _row(
        FailureKind.FINAL, Cause.ACCOUNT, f"SendGrid refuses the API key or has no credits left: {_KEY}"
    ),
    HTTPStatus.FORBIDDEN: _row(FailureKind.FINAL, Cause.ACCOUNT, f"SendGrid does not let this account send: {_KEY}"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _row(
        FailureKind.FINAL, Cause.CONTENT, "The message is larger than SendGrid takes: make it smaller."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: _row(
        FailureKind.THROTTLED, Cause.RATE, "SendGrid is asked too often; sending slows down."
    ),
    # Twilio's word for an account whose data may not leave a region.
    451: _row(FailureKind.FINAL, Cause.ACCOUNT, "The account belongs to another region: check SendGrid's address."),
    # A gateway says that it lost the answer, not that nothing was carried out.
    HTTPStatus.BAD_GATEWAY: LOST_ANSWER,
    HTTPStatus.GATEWAY_TIMEOUT: LOST_ANSWER,
}


def _refusal(response: TransportResponse) -> SendError:
    problems = _problems(response.body)
    return send_error(
        _row_of(response.status, [field for field, _ in problems]),
        code=str(response.status),
        details=" ".join(f"{field}: {message}" if field else message for field, message in problems),
        retry_after_seconds=retry_after_seconds(response.headers),
    )


def _row_of(status: int, fields: list[str]) -> FailureRow:
    if status in _STATUSES:
        known = _STATUSES[status]
        return _SENDER if status == HTTPStatus.FORBIDDEN and "from" in fields else known
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _UNWELL
    if any(field.startswith("personalizations.0.to") for field in fields):
        return _RECIPIENT
    return _SENDER if any(field.partition(".")[0] == "from" for field in fields) else _MISTAKE


def _problems(body: bytes) -> list[tuple[str, str]]:
    """The field and the words of each problem that SendGrid names."""
    document = decode(body)
    errors = document.get("errors") if isinstance(document, Mapping) else None
    found = errors if isinstance(errors, list) else []
    return [
        (str(each.get("field") or ""), str(each.get("message") or "")) for each in found if isinstance(each, Mapping)
    ]
