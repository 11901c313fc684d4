"""The files people sent, on the private port: for the page where staff read, look and listen."""

import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Final, Protocol
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from channels.whatsapp.media.formats import ENDINGS, bare
from conversations import media
from conversations.media import KeptFile
from server.parts import Parts
from storage.files import FilesError, NoSuchFile

PLAYABLE: Final = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "video/mp4",
        "video/3gpp",
        "video/webm",
        "audio/aac",
        "audio/amr",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
    }
)
"""What a browser only shows or plays. Everything else is offered for saving, under a type that means nothing."""

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f"\\/]')

_AWAY: Final = {
    "waiting": (425, "It is still being fetched from WhatsApp; ask again in a moment."),
    "gone": (410, "WhatsApp had it no longer when it was asked for."),
    "refused": (404, "It was not kept"),
    "failed": (404, "It could not be fetched"),
}
"""Why a file is not here, by its status; the last two with the reason."""


class Named(Protocol):
    """What is known of a file that is shown."""

    @property
    def kind(self) -> str: ...
    @property
    def mime_type(self) -> str | None: ...
    @property
    def filename(self) -> str | None: ...


def media_routes(parts: Parts) -> APIRouter:
    """GET /v1/media/{id} and /v1/media/{id}/info."""
    router = APIRouter(prefix="/v1/media", tags=["media"])

    @router.get("/{media_id}/info")
    async def info(media_id: UUID) -> dict[str, Any]:
        """What is known of a file: its kind, type, size, status with the reason, and what a voice note says."""
        found = asdict(await _find(parts, media_id))
        del found["storage_key"]
        return found

    @router.api_route("/{media_id}", methods=["GET", "HEAD"], response_class=StreamingResponse)
    async def content(media_id: UUID, request: Request) -> Response:
        """The file itself, or the range asked for. 425 while it is being fetched, 410 where WhatsApp has lost it."""
        return await serve_file(parts, media_id, request)

    return router


async def serve_file(parts: Parts, media_id: UUID, request: Request) -> Response:
    """A file that somebody sent, or the range of it that is asked for. Raises HTTPException where it is not here."""
    file = await _find(parts, media_id)
    if file.storage_key is None:
        status, words = _AWAY.get(file.status, (404, "It is not here"))
        raise HTTPException(status, words if words.endswith(".") else f"{words}: {file.reason}.")
    return await serve_kept(parts, file, file.storage_key, request)


async def serve_kept(parts: Parts, file: Named, key: str, request: Request) -> Response:
    """What is kept under this key, or the range of it that is asked for. Raises HTTPException where it is not."""
    try:
        size = await parts.media.files.size(key)
    except NoSuchFile:
        raise HTTPException(404, "It was kept, and is no longer in the storage of files.") from None
    except FilesError:
        raise HTTPException(503, "The storage of files does not answer.") from None
    return _served(parts, file, key, size, request)


async def _find(parts: Parts, media_id: UUID) -> KeptFile:
    file = await parts.database.read(media.find, str(media_id))
    if file is None:
        raise HTTPException(404, "There is no such file.")
    return file


def _served(parts: Parts, file: Named, key: str, size: int, request: Request) -> Response:
    headers = _headers(file)
    span = read_range(request.headers.get("range"), size)
    if span is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    headers["Content-Length"] = str(end - start)
    is_part = end - start < size
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    body: AsyncIterator[bytes] = parts.media.files.read(key, start, end) if end > start else _nothing()
    if request.method == "HEAD":
        return Response(status_code=206 if is_part else 200, headers=headers)
    return StreamingResponse(body, status_code=206 if is_part else 200, headers=headers)


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes that a Range header asks for: from, and to before. None where there are none such.

    What is not one plain range is as if nothing had been asked: the whole file.
    """
    asked = _RANGE.fullmatch(header.strip()) if header else None
    if asked is None or asked.groups() == ("", ""):
        return 0, size
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if last and first and int(last) < int(first):
        return 0, size
    return (start, end) if start < end else None


def _headers(file: Named) -> dict[str, str]:
    """What somebody sent must not run in anybody's browser, nor stay there."""
    shown = bare(file.mime_type) in PLAYABLE
    ending = ENDINGS.get(bare(file.mime_type), "")
    # Beside its true name, which may hold anything, a plain one for what cannot read that.
    plain = f"{file.kind}{ending}"
    name = _UNSAFE.sub("_", file.filename or plain)
    return {
        "Content-Type": (file.mime_type or "") if shown else "application/octet-stream",
        "Content-Disposition": (
            f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield
