"""Times the requests to a port, by route."""

import time
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telemetry.metrics import HTTP_SECONDS

NOWHERE: Final = "(none)"
"""The route of a request that met none: an address anybody thinks up must not become a series of its own."""


class CountRequests:
    """ASGI around an app: how long each request took, under its route's own template."""

    def __init__(self, app: ASGIApp, port: str) -> None:
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, told)
        finally:
            seconds = time.perf_counter() - began
            HTTP_SECONDS.labels(self._port, _method(scope), _route(scope), f"{status // 100}xx").observe(seconds)


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", NOWHERE))


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
