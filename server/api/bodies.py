"""Reads the bodies of requests: strict JSON, so that whatever is taken can be kept on both databases."""

import json
import math
import re
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from server.api.problems import Problem

MAX_BODY_BYTES: Final = 1024 * 1024
"""Five hundred notifications with two kilobytes of payload each. Our choice."""

MAX_DEPTH: Final = 32
"""Lists and objects within each other; PostgreSQL keeps some thousands. Our choice."""

_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""U+0000, which PostgreSQL cannot keep, or half of a character beyond the first plane."""


class StrictRequest(Request):
    """A request whose JSON is read once and strictly. Raises Problem."""

    async def json(self) -> Any:
        if not hasattr(self, "_strict"):
            self._strict = read_json(await self.body())
        return self._strict


class StrictRoute(APIRoute):
    """A route whose body is read strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


def read_json(body: bytes) -> Any:
    """The value of a body. Raises Problem for what is not JSON, or could not be kept."""
    try:
        document = json.loads(body.decode(), parse_constant=_no_number, parse_float=_finite)
        if _SUSPECT.search(body) or body.count(b"[") + body.count(b"{") > MAX_DEPTH:
            _look_through(document)
    except json.JSONDecodeError as error:
        raise Problem(
            "not-json", f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except (ValueError, RecursionError):
        raise Problem(
            "not-json",
            f"The body cannot be kept: send UTF-8 without NaN, Infinity, U+0000 and halves of characters, at most "
            f"{MAX_DEPTH} levels deep.",
        ) from None
    return document


def _look_through(document: Any) -> None:
    """Raise ValueError for what no database keeps. Without recursion: depth is what it is looking for."""
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
        if isinstance(value, str):
            if "\0" in value:
                raise ValueError("U+0000")
            value.encode()
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
