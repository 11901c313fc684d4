"""Sends SMS by Twilio's HTTP API.

SendError           what Twilio or the way to it said no with (see `channels.sending`)
InvalidMessage      the message has no sender, and neither has the account
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from channels.failures import Cause, FailureKind, FailureRow
from channels.http_answers import decode, retry_after_seconds
from channels.invalid import InvalidMessage
from channels.sending import LOST_ANSWER, Accepted, SendError, error_of_transport, send_error
from channels.sms.message import Sms
from channels.sms.twilio_codes import look_up
from channels.transport import Transport, TransportError, TransportResponse

BASE_URL: Final = "https://api.twilio.com"

TIMEOUT_SECONDS: Final = 10.0
"""For one request; Twilio answers in well under one. Our choice, far below the lease of whoever sends."""

OUR_ID: Final = "nid"
"""The parameter of the address for reports that carries our message id. Twilio knows no idempotency key, and signs this
address with each report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioAccount:
    account_sid: str
    secret: str = field(repr=False)
    """The auth token; with `api_key_sid`, the secret of that key."""
    api_key_sid: str | None = None
    messaging_service_sid: str | None = None
    """Chooses the sender where a message names none."""
    report_url: str | None = None
    """Our public address for reports; None asks for none."""


class TwilioClient:
    def __init__(self, transport: Transport, account: TwilioAccount, base_url: str = BASE_URL) -> None:
        self._transport = transport
        self._account = account
        self._url = f"{base_url.rstrip('/')}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        who = f"{account.api_key_sid or account.account_sid}:{account.secret}"
        self._headers = {
            "Authorization": f"Basic {b64encode(who.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    async def send(self, sms: Sms) -> Accepted:
        content = urlencode(self._form(sms)).encode()
        try:
            response = await self._transport.request("POST", self._url, self._headers, content, TIMEOUT_SECONDS)
        except TransportError as error:
            raise error_of_transport(error, _NOT_REACHED) from error
        document = decode(response.body)
        told = document if isinstance(document, Mapping) else {}
        if response.status not in range(200, 300):
            raise _refusal(response, told)
        sid = told.get("sid")
        if not isinstance(sid, str):
            raise send_error(LOST_ANSWER)
        return Accepted(provider_message_id=sid)

    def _form(self, sms: Sms) -> dict[str, str]:
        form = {"To": sms.recipient, "Body": sms.text}
        if sms.sender is not None:
            form["From"] = sms.sender
        elif self._account.messaging_service_sid is not None:
            form["MessagingServiceSid"] = self._account.messaging_service_sid
        else:
            raise InvalidMessage("sender", "is missing, and the Twilio account has no messaging service to choose one")
        if self._account.report_url is not None:
            joint = "&" if "?" in self._account.report_url else "?"
            form["StatusCallback"] = f"{self._account.report_url}{joint}{urlencode({OUR_ID: sms.message_id})}"
        return form


def _row(kind: FailureKind, cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=kind, cause=cause, advice=advice)


_NOT_REACHED: Final = _row(
    FailureKind.RETRYABLE, Cause.TEMPORARY, "Twilio cannot be reached. Check the network and its address."
)
_UNKNOWN_CODE: Final = _row(
    FailureKind.FINAL, Cause.REQUEST, "A code of Twilio's that is not known here yet: see its error dictionary."
)


def _refusal(response: TransportResponse, told: Mapping[str, object]) -> SendError:
    code = told.get("code")
    known = look_up(code) if isinstance(code, int) else None
    return send_error(
        known or _row_without_code(response.status),
        code=str(code) if isinstance(code, int) else str(response.status),
        details=str(told.get("message") or ""),
        retry_after_seconds=retry_after_seconds(response.headers),
    )


def _row_without_code(status: int) -> FailureRow:
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return look_up(20003) or _UNKNOWN_CODE
        case HTTPStatus.TOO_MANY_REQUESTS:
            return look_up(20429) or _UNKNOWN_CODE
        case HTTPStatus.BAD_GATEWAY | HTTPStatus.GATEWAY_TIMEOUT:
            # A gateway says that it lost the answer, not that nothing was carried out.
            return LOST_ANSWER
        case _:
            return _NOT_REACHED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _UNKNOWN_CODE
