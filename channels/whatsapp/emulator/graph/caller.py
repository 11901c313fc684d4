"""What every Graph call has in common: who calls, for what, and how a refusal is answered and logged."""

import asyncio
import hmac
import json
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.faults import NO_FAULT, Fault, Target
from channels.whatsapp.emulator.graph_errors import GraphError, not_json, unauthorized, unknown_object, unknown_path
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.request_log import GraphRequest

_VERSION = re.compile(r"\d{1,3}\.\d", re.ASCII)
_UNAUTHORIZED = {"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token"'}


class GraphRoute(APIRoute):
    """Checks version and token, answers a GraphError as Meta does, and notes the call under the route's name."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            parts, error, fault, planned = parts_of(request), None, NO_FAULT, False
            try:
                check_caller(request, request.path_params["version"])
                if found := parts.faults.take(_target(self.name), None):
                    fault, planned = found, True
                await asyncio.sleep(fault.delay_seconds)
                if fault.refuses:
                    raise fault.error()
                response = await handle(request)
            except GraphError as raised:
                error, response = raised, refused(raised, fault)
            entry = GraphRequest(
                path=request.url.path,
                phone_number_id=owner(request),
                kind=self.name,
                recipient=None,
                payload=getattr(request.state, "payload", None) or _query(request),
            )
            code = error.code if error else None
            answered = None if fault.lose_answer else response.status_code
            parts.requests.note(entry, parts.clock(), http_status=answered, error_code=code, fault=planned)
            if fault.lose_answer:
                await say_nothing(request, parts)
            return response

        return checked


def check_caller(request: Request, version: str) -> None:
    """Raises the GraphError for a path without a version, or a call without our token."""
    if not _VERSION.fullmatch(version):
        raise unknown_path(request.url.path)
    parts = parts_of(request)
    token = parts.settings.whatsapp_token.get_secret_value()
    said = request.headers.get("authorization", "")
    if "authorization" not in request.headers and "access_token" in request.query_params:
        said = f"Bearer {request.query_params['access_token']}"
    # Resumable uploads are documented with the word OAuth.
    if not any(hmac.compare_digest(said.encode(), f"{word} {token}".encode()) for word in ("Bearer", "OAuth")):
        raise unauthorized()
    if parts.facts.has_ended(parts.clock()):
        raise unauthorized()


def refused(error: GraphError, fault: Fault = NO_FAULT) -> JSONResponse:
    headers = dict(_UNAUTHORIZED) if error.code == 190 else {}
    if fault.retry_after_seconds is not None:
        headers["Retry-After"] = str(fault.retry_after_seconds)
    return JSONResponse(error.body(), error.status, headers=headers)


async def say_nothing(request: Request, parts: Parts) -> None:
    """Hold the connection without a word until the caller hangs up, or the emulator stops."""
    hung_up = asyncio.ensure_future(request.receive())
    while not hung_up.done() and not parts.feed.closed:
        change = asyncio.create_task(parts.feed.ticket().wait())
        await asyncio.wait({hung_up, change}, return_when=asyncio.FIRST_COMPLETED)
        change.cancel()
    hung_up.cancel()
    with suppress(asyncio.CancelledError):
        await hung_up


def number_of(parts: Parts, phone_number_id: str) -> Number:
    """One of the emulator's numbers; raises the GraphError for an object that does not exist."""
    if number := parts.directory.numbers.get(phone_number_id):
        return number
    raise unknown_object(phone_number_id)


def account_of(parts: Parts, account_id: str) -> list[Number]:
    """The numbers of an account; raises the GraphError for an object that does not exist."""
    if numbers := [number for number in parts.directory.numbers.values() if number.account_id == account_id]:
        return numbers
    raise unknown_object(account_id)


def owner(request: Request) -> str:
    """The number a call is about, where its path names one."""
    named = str(request.path_params.get("node_id", ""))
    return named if named in parts_of(request).directory.numbers else ""


async def json_body(request: Request) -> dict[str, Any]:
    """The body, which must be a JSON object; kept for the log."""
    try:
        body = read_json(await request.body())
    except ValueError:
        raise not_json() from None
    request.state.payload = body
    return body


def read_json(raw: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object, or holds text one cannot show."""
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half an emoji is JSON, but no text
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _query(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name != "access_token"}


def _target(name: str) -> Target:
    """Which faults meet a route of this name."""
    kind = name.partition("_")[0]
    return "media" if kind in ("media", "upload") else "templates" if kind == "template" else "account"
