"""Style sheet, scripts and drawings, under addresses that change with their content: a browser keeps them for good."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Response

FOLDER: Final = Path(__file__).parent / "static"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
HASH_LENGTH: Final = 12


def static_url(name: str) -> str:
    """The address of a file of `static`, to be written into a page."""
    return f"/desk/static/{_file(name)[0]}/{name}"


def static_routes() -> APIRouter:
    """GET /static/{hash}/{name}; open to everybody, for the log-in page needs them."""
    router = APIRouter()

    @router.get("/static/{version}/{name}")
    async def static(version: str, name: str) -> Response:
        """The file; under an address of another version (a page that is older than this process), kept by nobody."""
        if name not in _names():
            raise HTTPException(404)
        current, content = _file(name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(
            content, media_type=kind, headers={"Cache-Control": FOR_GOOD if version == current else "no-cache"}
        )

    return router


@cache
def _names() -> frozenset[str]:
    return frozenset(file.name for file in FOLDER.iterdir() if file.is_file())


@cache
def _file(name: str) -> tuple[str, bytes]:
    content = (FOLDER / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH], content
