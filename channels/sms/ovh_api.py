"""The signed door to OVH's API: whoever asks, when, and what its answers mean.

SendError           what OVH or the way to it said no with (see `channels.sending`)
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from channels.failures import Cause, FailureKind, FailureRow
from channels.http_answers import decode, retry_after_seconds
from channels.sending import LOST_ANSWER, SendError, error_of_transport, send_error
from channels.transport import NotSent, Transport, TransportError, TransportResponse

BASE_URL: Final = "https://eu.api.ovh.com/1.0"
"""Of accounts elsewhere: https://ca.api.ovh.com/1.0, https://api.us.ovhcloud.com/1.0"""

TIMEOUT_SECONDS: Final = 7.0
"""For one request. Our choice: a send asks four times at most (the time, the job, both again when a clock drifted), and
whoever sends holds a lease of half a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OvhKeys:
    application_key: str
    application_secret: str = field(repr=False)
    consumer_key: str = field(repr=False)


def sign(keys: OvhKeys, method: str, url: str, body: str, timestamp: int) -> str:
    """OVH's signature of one request at one moment of OVH's clock, in seconds."""
    told = "+".join([keys.application_secret, keys.consumer_key, method, url, body, str(timestamp)])
    return f"$1${hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()}"


class OvhApi:
    """OVH signs by its own clock: how far ours is from it is asked once, and again where it says that we are late."""

    def __init__(
        self, transport: Transport, keys: OvhKeys, base_url: str = BASE_URL, now: Callable[[], float] = time.time
    ) -> None:
        self._transport = transport
        self._keys = keys
        self._root = base_url.rstrip("/")
        self._now = now
        self._ahead_seconds: int | None = None

    async def ask(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> Any:
        """The JSON of OVH's answer. A lost answer to a GET is Retryable, since asking again changes nothing."""
        body = "" if document is None else json.dumps(document)
        try:
            return await self._ask_signed(method, path, body)
        except SendError as error:
            if error.code != _TOO_LATE:
                raise
        # Nothing was carried out: the same may be asked once more with the right time.
        self._ahead_seconds = None
        return await self._ask_signed(method, path, body)

    async def _ask_signed(self, method: str, path: str, body: str) -> Any:
        url = f"{self._root}{path}"
        timestamp = int(self._now()) + await self._ahead()
        headers = {
            "Content-Type": "application/json",
            "X-Ovh-Application": self._keys.application_key,
            "X-Ovh-Consumer": self._keys.consumer_key,
            "X-Ovh-Timestamp": str(timestamp),
            "X-Ovh-Signature": sign(self._keys, method, url, body, timestamp),
        }
        return await self._request(method, url, headers, body)

    async def _ahead(self) -> int:
        """By how many seconds OVH's clock is ahead of ours."""
        if self._ahead_seconds is None:
            theirs = await self._request("GET", f"{self._root}/auth/time", {}, "")
            if isinstance(theirs, bool) or not isinstance(theirs, int):
                raise send_error(_NO_OVH)
            self._ahead_seconds = theirs - int(self._now())
        return self._ahead_seconds

    async def _request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Any:
        try:
            response = await self._transport.request(method, url, headers, body.encode(), TIMEOUT_SECONDS)
        except TransportError as error:
            if method == "GET":
                error = NotSent(str(error))
            raise error_of_transport(error, _NOT_REACHED) from error
        if response.status not in range(200, 300):
            raise _refusal(response, method)
        return decode(response.body)


def _row(kind: FailureKind, cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=kind, cause=cause, advice=advice)


_NOT_REACHED: Final = _row(
    FailureKind.RETRYABLE, Cause.TEMPORARY, "OVH cannot be reached. Check the network and its address."
)
_NO_OVH: Final = _row(FailureKind.FINAL, Cause.ACCOUNT, "This is no answer of OVH's API: check its address.")
_NO_CREDITS: Final = _row(FailureKind.FINAL, Cause.ACCOUNT, "The SMS account has no credits left: buy some at OVH.")
_MISTAKE: Final = _row(FailureKind.FINAL, Cause.REQUEST, "OVH does not accept the request: its words say why.")
_KEYS: Final = _row(
    FailureKind.FINAL, Cause.ACCOUNT, "OVH does not accept the keys: check the application's and the consumer's."
)

_TOO_LATE: Final = "QUERY_TIME_OUT"
_CREDITS: Final = re.compile(r"\bcredits?\b", re.IGNORECASE)

_WORDS: Final[Mapping[str, FailureRow]] = {
    _TOO_LATE: _row(FailureKind.RETRYABLE, Cause.TEMPORARY, "OVH takes our clock to be wrong; it is asked again."),
    "NOT_GRANTED_CALL": _row(
        FailureKind.FINAL, Cause.ACCOUNT, "The consumer key lacks the right: allow it POST and GET on /sms/*."
    ),
    "NOT_CREDENTIAL": _KEYS,
    "INVALID_CREDENTIAL": _KEYS,
    "INVALID_KEY": _KEYS,
    "INVALID_SIGNATURE": _KEYS,
    "FORBIDDEN": _KEYS,
}

_STATUSES: Final[Mapping[int, FailureRow]] = {
    HTTPStatus.UNAUTHORIZED: _KEYS,
    HTTPStatus.PAYMENT_REQUIRED: _NO_CREDITS,
    HTTPStatus.FORBIDDEN: _KEYS,
    HTTPStatus.NOT_FOUND: _row(FailureKind.FINAL, Cause.ACCOUNT, "OVH does not know the SMS account: check its name."),
    HTTPStatus.TOO_MANY_REQUESTS: _row(
        FailureKind.THROTTLED, Cause.RATE, "OVH is asked too often; sending slows down."
    ),
}


def _refusal(response: TransportResponse, method: str) -> SendError:
    document = decode(response.body)
    told = document if isinstance(document, Mapping) else {}
    word, message = str(told.get("errorCode") or ""), str(told.get("message") or "")
    return send_error(
        _row_of(response.status, word, message, method),
        code=str(response.status) if response.status == HTTPStatus.NOT_FOUND or not word else word,
        details=message,
        retry_after_seconds=retry_after_seconds(response.headers),
    )


def _row_of(status: int, word: str, message: str, method: str) -> FailureRow:
    if word in _WORDS:
        return _WORDS[word]
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT) and method != "GET":
        # A gateway says that it lost the answer, not that nothing was carried out.
        return LOST_ANSWER
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _NOT_REACHED
    if _CREDITS.search(message):
        return _NO_CREDITS
    return _STATUSES.get(status, _MISTAKE)
