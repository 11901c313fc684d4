"""Reads files from the web piece by piece, connecting only to addresses that it may.

A name is resolved once, its addresses are judged, and the connection goes to one of them: a name that answers
differently the second time gains nothing. No redirect is followed here, no cookie kept, no proxy asked for.
"""

import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from channels.transport import CONNECT_TIMEOUT_SECONDS
from channels.whatsapp.media.errors import MediaPrivate, MediaRefused, MediaUnavailable
from channels.whatsapp.media.hosts import parse_address

STALL_SECONDS: Final = 10.0
"""Without a single byte; then the other side is given up. Our choice."""

CHUNK_BYTES: Final = 64 * 1024

CONNECTIONS: Final = 20
"""Files at once; the others wait. Our choice."""


class AddressRefused(OSError):
    """A name led to an address that we do not connect to."""


class Streamed:
    """An answer whose body is still to be read."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.status = answer.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}

    @property
    def length(self) -> int | None:
        """Bytes of the body, where the other side says so."""
        return self._answer.content_length

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. Raises MediaUnavailable when it breaks off."""
        try:
            async for chunk in self._answer.content.iter_chunked(CHUNK_BYTES):
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MediaUnavailable(f"the file broke off ({type(error).__name__})") from error


class Streams:
    """Opens web addresses; `allows` judges every IP address before it is connected to."""

    def __init__(
        self, allows: Callable[[str], bool] = lambda address: True, resolver: AbstractResolver | None = None
    ) -> None:
        self._allows = allows
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str], seconds: float) -> AsyncIterator[Streamed]:
        """The answer to one GET, whatever its status; `seconds` bound it from the connection to the last byte.

        Raises MediaRefused for an address that is none, MediaPrivate for a forbidden one, and MediaUnavailable where
        nobody answers.
        """
        answer = await self._open(url, headers, seconds)
        try:
            yield Streamed(answer)
        finally:
            # What was not read is not wanted: the connection ends with it.
            answer.close()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def _open(self, url: str, headers: Mapping[str, str], seconds: float) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(
            total=seconds, connect=min(CONNECT_TIMEOUT_SECONDS, seconds), sock_read=min(STALL_SECONDS, seconds)
        )
        try:
            # A signed address must arrive as it was given.
            address = URL(url, encoded=url.isascii())
            host = address.host or ""
            if parse_address(host) and not self._allows(host):
                raise AddressRefused
            # Packed bodies would have to be measured twice.
            wanted = {"Accept-Encoding": "identity", **headers}
            return await self._opened().get(address, headers=wanted, timeout=timeout, allow_redirects=False)
        except (ValueError, aiohttp.InvalidURL) as error:
            raise MediaRefused("its address is none") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, AddressRefused) or isinstance(getattr(error, "os_error", None), AddressRefused):
                raise MediaPrivate("its address is inside a private network") from error
            raise MediaUnavailable(f"nobody answered for the file ({type(error).__name__})") from error

    def _opened(self) -> aiohttp.ClientSession:
        # Not in the constructor: a session belongs to the event loop that runs when it is made.
        if self._session is None:
            resolver = _Judging(self._resolver or aiohttp.ThreadedResolver(), self._allows)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, resolver=resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


class _Judging(AbstractResolver):
    """A resolver that hands out an answer only if every address in it may be connected to."""

    def __init__(self, resolver: AbstractResolver, allows: Callable[[str], bool]) -> None:
        self._resolver = resolver
        self._allows = allows

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(self._allows(each["host"]) for each in found):
            raise AddressRefused
        return found

    async def close(self) -> None:
        await self._resolver.close()
