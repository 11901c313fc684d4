"""Fetches a file that somebody else named, such as a product's picture, as WhatsApp would take it.

What stands in a product's data is not ours: the address may lead into our own network, the file may be endless, or
something else than it says. Raises MediaError (see `errors`) for all of these.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from aiohttp.abc import AbstractResolver

from channels.whatsapp.media.errors import MediaGone, MediaPrivate, MediaRefused, MediaUnavailable
from channels.whatsapp.media.formats import ENDINGS, HEAD_BYTES, MAX_BYTES, max_bytes, sendable_type, sniff
from channels.whatsapp.media.hosts import is_loopback, is_public, split
from channels.whatsapp.media.pictures import CONVERTIBLE, to_jpeg
from channels.whatsapp.media.streams import Streamed, Streams

FETCH_SECONDS: Final = 10.0
"""For one file with all its redirects: a person waits for the message. Our choice."""

MAX_REDIRECTS: Final = 3

MAX_VALIDATOR: Final = 512
"""characters of an ETag or a date that are kept; longer ones are as if there were none. Our choice."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LOGIN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a web server said of a file, to ask it later whether that is still so."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that WhatsApp takes."""

    content: bytes = field(repr=False)
    mime_type: str
    version: Version = Version()
    note: str | None = None
    """What was changed about it, in words."""

    @property
    def filename(self) -> str:
        """A name of ours: theirs may tell of a person."""
        return f"file{ENDINGS.get(self.mime_type, '')}"


class Fetcher:
    """Fetches over https from public addresses; with `allows_loopback`, also from this machine and over http."""

    def __init__(self, *, allows_loopback: bool, resolver: AbstractResolver | None = None) -> None:
        self._allows_loopback = allows_loopback
        self._streams = Streams(self._allows, resolver)

    async def fetch(
        self, kind: str, link: str, known: Version | None = None, seconds: float = FETCH_SECONDS
    ) -> Fetched | None:
        """The file, ready for uploading; None where it is still the version `known`. Raises MediaError."""
        try:
            async with asyncio.timeout(seconds), self._followed(link, _conditions(known), seconds) as answer:
                if answer.status == HTTPStatus.NOT_MODIFIED and known is not None:
                    return None
                _check_status(answer.status)
                content = await _read(kind, answer)
                return await _ready(kind, answer, content)
        except TimeoutError as error:
            raise MediaUnavailable("the file took too long") from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._streams.aclose()

    @asynccontextmanager
    async def _followed(self, link: str, headers: dict[str, str], seconds: float) -> AsyncIterator[Streamed]:
        for _ in range(MAX_REDIRECTS + 1):
            self._check(link)
            async with self._streams.get(link, headers, seconds) as answer:
                location = answer.headers.get("location")
                if answer.status not in _REDIRECTS or not location:
                    yield answer
                    return
                link = _joined(link, location)
        raise MediaRefused("its address leads from one to the next too often")

    def _check(self, link: str) -> None:
        parts = split(link)
        if parts is None:
            raise MediaRefused("its address is none")
        if parts.scheme != "https" and not self._allows_loopback:
            raise MediaRefused("its address is not https")

    def _allows(self, address: str) -> bool:
        return is_public(address) or (self._allows_loopback and is_loopback(address))


def _conditions(known: Version | None) -> dict[str, str]:
    headers = {"User-Agent": "Relais", "Accept": "*/*"}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _joined(link: str, location: str) -> str:
    try:
        return urljoin(link, location)
    except ValueError:
        raise MediaRefused("its address leads to one that is none") from None


def _check_status(status: int) -> None:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise MediaGone(f"the file is not there ({status})")
    if status in _LOGIN:
        raise MediaPrivate(f"the file is not public ({status})")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise MediaUnavailable(f"the web server cannot give the file now ({status})")
    if status != HTTPStatus.OK:
        raise MediaRefused(f"the web server answers {status}")


async def _read(kind: str, answer: Streamed) -> bytes:
    """The body, given up as soon as it is too large or plainly something else."""
    most = MAX_BYTES.get(kind, 0)
    if (answer.length or 0) > most:
        raise MediaRefused(f"is larger than the {most:,} bytes that WhatsApp takes as {kind}")
    content, is_known = bytearray(), False
    async for chunk in answer.chunks():
        content += chunk
        if len(content) > most:
            raise MediaRefused(f"is larger than the {most:,} bytes that WhatsApp takes as {kind}")
        if not is_known and len(content) >= HEAD_BYTES:
            _check_head(kind, answer, bytes(content[:HEAD_BYTES]))
            is_known = True
    return bytes(content)


def _check_head(kind: str, answer: Streamed, head: bytes) -> str:
    found = sniff(head)
    if kind == "image" and found in CONVERTIBLE:
        return str(found)
    return sendable_type(kind, answer.headers.get("content-type"), head)


async def _ready(kind: str, answer: Streamed, content: bytes) -> Fetched:
    head = content[:HEAD_BYTES]
    mime_type, note = _check_head(kind, answer, head), None
    if len(content) > max_bytes(kind, head):
        raise MediaRefused(f"is larger than the {max_bytes(kind, head):,} bytes that WhatsApp takes as such a {kind}")
    if kind == "image" and mime_type in CONVERTIBLE:
        content, note = await asyncio.to_thread(to_jpeg, content, mime_type)
        mime_type = "image/jpeg"
    version = Version(etag=_kept(answer, "etag"), last_modified=_kept(answer, "last-modified"))
    return Fetched(content=content, mime_type=mime_type, version=version, note=note)


def _kept(answer: Streamed, name: str) -> str | None:
    value = answer.headers.get(name, "")
    return value if 0 < len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable() else None
