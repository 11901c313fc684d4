"""A file over HTTP, whole or the part that was asked for."""

import re

from starlette.responses import Response


def part_of(content: bytes, mime_type: str, wanted: str | None, headers: dict[str, str] | None = None) -> Response:
    """`wanted` is a Range header: `bytes=4-7`, `bytes=4-` or `bytes=-4`; anything else gets the whole."""
    size = len(content)
    headers = {"Accept-Ranges": "bytes", **(headers or {})}
    read = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", wanted or "", re.ASCII)
    if not read or not (read[1] or read[2]):
        return Response(content, media_type=mime_type, headers=headers)
    start = int(read[1]) if read[1] else max(0, size - int(read[2]))
    end = min(int(read[2]), size - 1) if read[1] and read[2] else size - 1
    if start >= size or end < start:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(content[start : end + 1], 206, headers, mime_type)
