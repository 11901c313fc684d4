"""Fetches what people sent: asks the Graph API where a file is, then reads it there, both with our token.

The token goes to Meta's hosts alone, also where an answer leads elsewhere. Raises MediaError (see `errors`).
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin

from channels.whatsapp.errors import Cause, Rejected, Remedy, Retryable, Throttled, WhatsAppError
from channels.whatsapp.graph import Graph, Tokens
from channels.whatsapp.media.errors import MediaGone, MediaRefused, MediaUnavailable
from channels.whatsapp.media.formats import HEAD_BYTES, MAX_BYTES, received_type
from channels.whatsapp.media.hosts import may_carry_token
from channels.whatsapp.media.streams import Streamed, Streams
from channels.whatsapp.messages import InvalidMessage

DOWNLOAD_SECONDS: Final = 120.0
"""For one file: 100 MB at 7 Mbit/s. Our choice; a lease on it must be longer."""

MAX_REDIRECTS: Final = 3

SHA256_BYTES: Final = 32

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_EXPIRED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""What an address says after its five minutes."""

_SIZE: Final = re.compile(r"[0-9]{1,15}")
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")

type Write = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Keeps what the chunks bring, and nothing of it if they raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file as a webhook spoke of it."""

    kind: str
    media_id: str
    phone_number_id: str
    mime_type: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file that was kept whole."""

    mime_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    url: str = field(repr=False)
    mime_type: str | None
    sha256: str | None
    size: int | None


class Downloads:
    """Fetches files for every number that the tokens cover."""

    def __init__(self, graph: Graph, tokens: Tokens, base_url: str) -> None:
        self._graph = graph
        self._tokens = tokens
        self._base_url = base_url
        self._streams = Streams()

    async def save(self, announced: Announced, write: Write) -> Saved:
        """Read a file, check it on the way, and let `write` keep it; what is not as announced is not kept."""
        offer = await self._offer(announced)
        async with AsyncExitStack() as opened:
            answer = await self._open(opened, offer, announced)
            if answer.status in _EXPIRED:
                offer = await self._offer(announced)
                answer = await self._open(opened, offer, announced)
            _check_status(answer.status)
            checked = _Checked(announced, offer, answer.headers.get("content-type"))
            checked.check_size(answer.length or 0)
            await write(checked.chunks(answer))
        return Saved(mime_type=checked.mime_type, size=checked.size)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._streams.aclose()

    async def _offer(self, announced: Announced) -> _Offer:
        number = announced.phone_number_id
        try:
            answer = await self._graph.request(
                "GET", announced.media_id, owner=number, params={"phone_number_id": number}
            )
        except InvalidMessage as error:
            raise MediaRefused("its id is none") from error
        except WhatsAppError as error:
            raise _as_media_error(error) from error
        offer = _read_offer(answer.body)
        if offer.size is not None and offer.size > MAX_BYTES.get(announced.kind, 0):
            raise MediaRefused(_too_large(announced.kind))
        return offer

    async def _open(self, opened: AsyncExitStack, offer: _Offer, announced: Announced) -> Streamed:
        url = offer.url
        for _ in range(MAX_REDIRECTS + 1):
            if not may_carry_token(url, self._base_url):
                raise MediaRefused("it lies outside Meta's hosts, where our token does not go")
            headers = {"Authorization": f"Bearer {self._tokens.token(announced.phone_number_id)}"}
            answer = await opened.enter_async_context(self._streams.get(url, headers, DOWNLOAD_SECONDS))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            url = urljoin(url, location)
        raise MediaRefused("its address leads from one to the next too often")


class _Checked:
    """Passes a body on and looks at it: its size, how it begins, and at the end whether it is the one announced."""

    def __init__(self, announced: Announced, offer: _Offer, content_type: str | None) -> None:
        self._kind = announced.kind
        self._declared = announced.mime_type or offer.mime_type or content_type
        self._digests = {digest for text in (announced.sha256, offer.sha256) if (digest := read_digest(text))}
        self.mime_type = ""
        self.size = 0

    def check_size(self, size: int) -> None:
        if size > MAX_BYTES.get(self._kind, 0):
            raise MediaRefused(_too_large(self._kind))

    async def chunks(self, answer: Streamed) -> AsyncIterator[bytes]:
        digest, head = hashlib.sha256(), b""
        async for chunk in answer.chunks():
            self.size += len(chunk)
            self.check_size(self.size)
            digest.update(chunk)
            if self.mime_type:
                yield chunk
                continue
            head += chunk
            if len(head) >= HEAD_BYTES:
                self.mime_type = received_type(self._kind, self._declared, head[:HEAD_BYTES])
                yield head
        if not self.size:
            raise MediaRefused("it is empty")
        if not self.mime_type:
            self.mime_type = received_type(self._kind, self._declared, head)
            yield head
        # Announced twice, by the webhook and by the Graph API, as hex or as base64: one of the two must be it.
        if self._digests and digest.digest() not in self._digests:
            raise MediaRefused("it is not the file that was announced: its hash differs")


def read_digest(text: str | None) -> bytes | None:
    """A SHA-256 written as hex or as base64; None for anything else."""
    if not text:
        return None
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        digest = base64.b64decode(text.strip() + "==", altchars=b"-_" if set(text) & set("-_") else None)
    except (ValueError, binascii.Error):
        return None
    return digest if len(digest) == SHA256_BYTES else None


def _read_offer(body: bytes) -> _Offer:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    url = _text(document.get("url")) if isinstance(document, dict) else None
    if url is None:
        raise MediaUnavailable("WhatsApp did not say where the file is")
    # A size that cannot be read is measured on the way.
    size = str(document.get("file_size"))
    return _Offer(
        url=url,
        mime_type=_text(document.get("mime_type")),
        sha256=_text(document.get("sha256")),
        size=int(size) if _SIZE.fullmatch(size) else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _check_status(status: int) -> None:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise MediaGone(f"WhatsApp has it no longer ({status})")
    if status != HTTPStatus.OK:
        raise MediaUnavailable(f"WhatsApp does not give it now ({status})")


def _as_media_error(error: WhatsAppError) -> Exception:
    if isinstance(error, Rejected) and error.remedy is Remedy.RENEW_FILE:
        return MediaGone("WhatsApp no longer knows its id")
    is_ours_to_mend = isinstance(error, Retryable | Throttled) or error.cause is Cause.ACCOUNT or error.code is None
    return (MediaUnavailable if is_ours_to_mend else MediaRefused)(f"WhatsApp does not give it: {error}")


def _too_large(kind: str) -> str:
    return f"it is larger than the {MAX_BYTES.get(kind, 0):,} bytes of any {kind} on WhatsApp"
