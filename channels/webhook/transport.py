"""A transport for addresses that others chose: it reaches public ones alone and reads little of what they answer.

What a name leads to is decided once, by the look-up whose result is connected to; so no answer of a name server can
change between the check and the connection.
"""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from channels.transport import AnswerLost, NotSent, TransportResponse
from channels.webhook.addresses import is_public

MAX_ANSWER_BYTES: Final = 4096
"""Nobody reads more of an answer than its status and perhaps a sentence."""

CONNECTIONS: Final = 100
CONNECTIONS_PER_HOST: Final = 10


class PrivateAddress(OSError):
    """The name leads into a private network."""


class GuardedTransport:
    """Implements `channels.transport.Transport`."""

    def __init__(self, *, allow_private: bool = False) -> None:
        """`allow_private` reaches this machine and its neighbours too: for development."""
        self._allow_private = allow_private
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        if not self._allow_private and _is_private_literal(urlsplit(url).hostname or ""):
            raise NotSent(PrivateAddress.__name__)
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=timeout_seconds / 2)
        try:
            async with self._open_session().request(
                method, url, headers=headers, data=content, timeout=timeout, allow_redirects=False
            ) as answer:
                body = await answer.content.read(MAX_ANSWER_BYTES)
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
            resolver = None if self._allow_private else PublicResolver(ThreadedResolver())
            connector = aiohttp.TCPConnector(
                limit=CONNECTIONS, limit_per_host=CONNECTIONS_PER_HOST, resolver=resolver, use_dns_cache=False
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session


class PublicResolver(AbstractResolver):
    """Resolves names, unless one of the addresses is private."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise PrivateAddress("the name leads into a private network")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_private_literal(host: str) -> bool:
    # aiohttp asks no resolver about these.
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)
