"""The one door to the Graph API: its address, its version, the token of who asks, and what its answers mean.

    InvalidMessage          an id that cannot stand in an address, before anything leaves
    WhatsAppError           what Meta or the way to it said no with (see `errors`)

It logs nothing: who asks knows better what may be said about it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from channels.json_text import write_json
from channels.transport import AnswerLost, NotSent, Transport, TransportResponse
from channels.whatsapp.answers import LOST_ANSWER, NOT_REACHED, read_error
from channels.whatsapp.errors import Rejected, Retryable, UnknownOutcome
from channels.whatsapp.messages import InvalidMessage

TIMEOUT_SECONDS: Final = 10.0
"""For one request, from waiting for a connection to the last byte; Meta answers in well under one. Our choice, far
below the lease of whoever sends."""

SUCCESS: Final = range(200, 300)

TOKEN_CODES: Final = frozenset({0, 190})
"""Meta's codes for an access token that is wrong, withdrawn or expired; Meta, Graph API error handling."""

_VERSION: Final = re.compile(r"v\d{1,3}\.\d{1,2}")

_PATH: Final = re.compile(r"[A-Za-z0-9_:./=-]+(\?[A-Za-z0-9_:.=&%/-]+)?")
"""Ids, edges, and the session ids of resumable uploads: nothing that could leave the address."""


class Tokens(Protocol):
    """Where access tokens come from. They change while we run, so each request asks again."""

    def token(self, owner: str) -> str:
        """The token for what a phone_number_id or a WABA id of ours owns, as it is right now."""
        ...

    def reread(self) -> None:
        """Look for newer tokens, since Meta has just refused one."""
        ...


@dataclass(frozen=True, slots=True)
class OneToken:
    """The same token for every number and account."""

    value: str = field(repr=False)

    def token(self, owner: str) -> str:
        return self.value

    def reread(self) -> None:
        """There is no other."""


class Graph:
    """Asks the Graph API in the name of a number or an account."""

    def __init__(self, transport: Transport, base_url: str, api_version: str, tokens: Tokens) -> None:
        if not _VERSION.fullmatch(api_version):
            raise ValueError("api_version is not of the form v23.0")
        self._transport = transport
        self._root = f"{base_url.rstrip('/')}/{api_version}"
        self._tokens = tokens

    async def request(
        self,
        method: str,
        path: str,
        *,
        owner: str,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> TransportResponse:
        """One request below the version; `owner` is the phone_number_id or WABA id whose token is used.

        `document` is sent as JSON; without one, `content` goes as it is, with the headers given. A lost answer to a
        GET is Retryable, since asking again changes nothing; to anything else it is UnknownOutcome. A refused token
        is looked up anew, and where it has changed the request is made once more: nothing was carried out.
        """
        if not _PATH.fullmatch(path) or ".." in path:
            raise InvalidMessage("path", "is not made of ids of the Graph API")
        url = f"{self._root}/{path}" + (f"?{urlencode(params)}" if params else "")
        sent = dict(headers or {})
        if document is not None:
            content = write_json(document)
            sent["Content-Type"] = "application/json"
        token = self._tokens.token(owner)
        try:
            return await self._ask(method, url, token, sent, content, timeout_seconds)
        except Rejected as error:
            newer = self._newer_token(owner, token) if error.code in TOKEN_CODES else None
            if newer is None:
                raise
        return await self._ask(method, url, newer, sent, content, timeout_seconds)

    def _newer_token(self, owner: str, refused: str) -> str | None:
        self._tokens.reread()
        newer = self._tokens.token(owner)
        return newer if newer != refused else None

    async def _ask(
        self,
        method: str,
        url: str,
        token: str,
        headers: Mapping[str, str],
        content: bytes,
        timeout_seconds: float,
    ) -> TransportResponse:
        sent = {"Authorization": f"Bearer {token}", **headers}
        try:
            response = await self._transport.request(method, url, sent, content, timeout_seconds)
        except NotSent as error:
            raise Retryable(NOT_REACHED, title=str(error)) from error
        except AnswerLost as error:
            if method == "GET":
                raise Retryable(NOT_REACHED, title=str(error)) from error
            raise UnknownOutcome(LOST_ANSWER, title=str(error)) from error
        if response.status not in SUCCESS:
            raise read_error(response)
        return response
