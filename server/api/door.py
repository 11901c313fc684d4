"""The door of the API, before anything else is done: who calls, how often, and how much they bring."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.bodies import MAX_BODY_BYTES
from server.api.callers import BUSINESS_HEADER, Doorkeeper
from server.api.limits import Allowance, RequestLimits
from server.api.problems import RETRY_AFTER_SECONDS, Problem
from storage.database import StorageError

GUARDED = ("/v1/", "/api/communication/")
"""Below these an API key is looked at; the description and its page are for everybody who reaches the port."""


class Door:
    """Lets a request in with its caller, and writes on each answer how many more the key may make."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, limits: RequestLimits) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self._app(scope, receive, send)
            return
        allowance: Allowance | None = None

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and allowance is not None:
                MutableHeaders(scope=message).update(allowance.headers())
            await send(message)

        headers = Headers(scope=scope)
        scope.setdefault("state", {})
        try:
            body = await _whole_body(headers, receive)
            authorization = headers.get("authorization")
            if authorization is not None:
                caller = await self._doorkeeper.known(authorization, headers.get(BUSINESS_HEADER))
                scope["state"]["caller"] = caller
                allowance = await self._limits.count(caller.limited_as)
                _refuse_if_spent(allowance)
        except Problem as problem:
            await problem.response()(scope, receive, told)
            return
        except StorageError:
            retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            await Problem("not-now", "Keys cannot be looked up now; send it again.", headers=retry).response()(
                scope, receive, told
            )
            return
        await self._app(scope, _again(body, receive), told)


async def _whole_body(headers: Headers, receive: Receive) -> bytes:
    """All of it, for it is small; more is refused before it is read. Raises Problem."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:12]) > MAX_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
        if not message.get("more_body"):
            break
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem("not-json", "Send JSON, with the header Content-Type: application/json.")
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as if it had not been read, then whatever comes after it."""
    is_read = False

    async def once_more() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


def _refuse_if_spent(allowance: Allowance) -> None:
    if allowance.is_spent:
        raise Problem(
            "too-many-requests",
            f"This key makes at most {allowance.limit} requests a minute; wait {allowance.reset_seconds} seconds.",
            headers={"Retry-After": str(allowance.reset_seconds)},
        )


def _too_large() -> Problem:
    return Problem("too-large", f"A body has at most {MAX_BODY_BYTES} bytes; send several requests.")
