"""Who may talk to the emulator: this machine's own programs and pages, nobody else.

It can act as any phone, so besides listening on loopback only it
- answers only to its own names (Host), which stops a foreign page that points its domain at 127.0.0.1;
- takes a change only from its own page (Origin) or from a program that says so (`X-Emulator: 1`, which a foreign
  page cannot send); Graph calls carry their bearer token instead;
- tells the browser to run and load nothing but its own files.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
GRAPH_PATH = re.compile(r"/v[^/]*/.+")
PROGRAM_HEADER = "x-emulator"

HEADERS = {
    "Content-Security-Policy": (
        # Pictures and films named by a message may come from a backend on this machine.
        "default-src 'self'; img-src 'self' http://127.0.0.1:* data:; media-src 'self' http://127.0.0.1:*; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",  # a new version of the page is seen at once
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if problem := refusal(scope["method"], scope["path"], Headers(scope=scope)):
            await PlainTextResponse(problem + "\n", 403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def refusal(method: str, path: str, headers: Headers) -> str | None:
    """Why this request is refused, or None."""
    host = headers.get("host", "")
    if not OWN_HOST.fullmatch(host):
        return "The emulator answers only to 127.0.0.1 and localhost."
    if method in SAFE_METHODS:
        return None
    origin = headers.get("origin")
    if origin is not None:
        return None if origin == f"http://{host}" else "Another page's request is not taken."
    if PROGRAM_HEADER in headers or GRAPH_PATH.fullmatch(path):
        return None
    return "Say `X-Emulator: 1` to change something from a program."


def _add_headers(message: MutableMapping[str, Any]) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
