"""Tells browsers which pages may read an inbox (the CORS protocol, https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.inbox.door import InboxDoor

ALLOWED: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    # Ten minutes: Chromium believes it for two hours at most.
    "Access-Control-Max-Age": "600",
}


class Cors:
    """ASGI around the inbox. No cookie opens it, so none is ever allowed along."""

    def __init__(self, app: ASGIApp, door: InboxDoor) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin is None:
            await self._app(scope, receive, send)
            return
        # Whose page it should be, a preflight does not tell; the request does, and is refused where it is another's.
        known = await self._door.is_known(origin)
        headers = {"Access-Control-Allow-Origin": origin} if known else {}

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                written = MutableHeaders(scope=message)
                written.update(headers)
                written.add_vary_header("Origin")
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            await Response(status_code=204, headers=ALLOWED if known else {})(scope, receive, told)
            return
        await self._app(scope, receive, told)
