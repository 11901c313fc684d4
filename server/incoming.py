"""What the doors of the public port have in common: a limit to what is read, and answers that say what is wrong."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

MAX_BODY_BYTES: Final = 4 * 1024 * 1024
"""A webhook may reach 3 MB (Meta); more is refused before it is read."""

TOO_LARGE: Final = f"A webhook has at most {MAX_BODY_BYTES} bytes."

RETRY_LATER: Final = {"Retry-After": "5"}


async def read_body(request: Request) -> bytes | None:
    """None where it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"status": status, "detail": detail}, status_code=status, headers=headers)
