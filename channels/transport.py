"""The seam through which requests leave, and the transport behind it: aiohttp, the fastest in our measurements.

    TransportError
    ├── NotSent         nothing has left: the connection was refused, or did not come about in time
    └── AnswerLost      the request may have left and no answer came back

A transport follows no redirect, keeps no cookie, asks no environment for a proxy and repeats no POST by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp

CONNECT_TIMEOUT_SECONDS: Final = 5.0
"""For a connection, free or new; a send that has not begun by then is better tried later. Our choice."""

KEEP_ALIVE_SECONDS: Final = 4.0
"""How long an idle connection is kept: less than the 5 s after which uvicorn, behind which the emulator and many
proxies stand, closes it. A request on a connection closed that moment would end as AnswerLost."""


class TransportError(Exception):
    """A request brought no answer."""


class NotSent(TransportError):
    """Nothing has left this machine for the other side."""


class AnswerLost(TransportError):
    """The other side may have read the request; what it answered is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportResponse:
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)


class Transport(Protocol):
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse: ...

    async def aclose(self) -> None: ...


class AiohttpTransport:
    """At most `limit` requests at once; the others wait for a connection, no longer than for a new one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        # Less than the total, so that it is clear which of the two has passed.
        connect_seconds = min(CONNECT_TIMEOUT_SECONDS, timeout_seconds / 2)
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, connect=connect_seconds)
        try:
            async with self._open_session().request(
                method, url, headers=headers, data=content, timeout=timeout, allow_redirects=False
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotSent(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise AnswerLost(type(error).__name__) from error
        named = {name.lower(): value for name, value in answer.headers.items()}
        return TransportResponse(status=answer.status, headers=named, body=body)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        # Not in the constructor: a session belongs to the event loop that runs when it is made.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._limit, keepalive_timeout=KEEP_ALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session
