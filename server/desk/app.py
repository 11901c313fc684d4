"""Puts the desk together: its parts, its door, what is said when something is not to be had."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.desk.access import ACCESS
from server.desk.console import CONSOLE
from server.desk.door import SET_UP_PATH, Door, MayNot, NotLoggedIn, Turned, WantsSecond, reader_of
from server.desk.guests import GUESTS
from server.desk.inbox import INBOX
from server.desk.learning import LEARNING
from server.desk.models import MODELS
from server.desk.overview import OVERVIEW
from server.desk.page import ROOT, Desk
from server.desk.part import Part
from server.desk.people import PEOPLE
from server.desk.plans import PLANS
from server.desk.saving import SAVING
from server.desk.static_files import static_routes
from server.desk.talk import TALK
from server.desk.team import TEAM
from server.desk.visit import Reader
from server.parts import Parts
from staff.attempts import TooMany
from storage.database import StorageError

PARTS: Final[tuple[Part, ...]] = (
    OVERVIEW,
    INBOX,
    TALK,
    SAVING,
    TEAM,
    GUESTS,
    PEOPLE,
    LEARNING,
    MODELS,
    CONSOLE,
    PLANS,
    ACCESS,
)
"""Every folder of pages, in the order of the menu within its sections."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def desk_app(parts: Parts) -> FastAPI:
    """The app of the desk; the private port mounts it at /desk."""
    app = FastAPI(title="Relais, the desk", docs_url=None, redoc_url=None, openapi_url=None)
    desk = Desk(parts, PARTS)
    app.state.door = Door(parts)
    app.include_router(static_routes())
    for part in PARTS:
        app.include_router(part.routes(desk))
    _answer_when_turned(app, desk)
    app.add_middleware(_WithHeaders)
    return app


class _WithHeaders:
    """Tells browsers to run and load nothing but our own files, and to keep no page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)


def _answer_when_turned(app: FastAPI, desk: Desk) -> None:
    """Every no is a page in the reader's language, with the way on."""
    answers = _Answers(desk)
    app.add_exception_handler(Turned, answers.turned)
    app.add_exception_handler(HTTPException, answers.refused)
    app.add_exception_handler(TooMany, answers.too_many)
    app.add_exception_handler(RequestValidationError, answers.wrong)
    app.add_exception_handler(StorageError, answers.busy)


class _Answers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def turned(self, request: Request, error: Exception) -> Response:
        """Whom the door turned away."""
        match error:
            case NotLoggedIn():
                return _to_log_in(request)
            case WantsSecond():
                return _go(request, SET_UP_PATH)
            case MayNot():
                return await self._page(request, "may_not", HTTPStatus.FORBIDDEN)
            case _:
                return await self._page(request, "forged", HTTPStatus.FORBIDDEN)

    async def refused(self, request: Request, error: Exception) -> Response:
        """What a route said no to, or what is no route."""
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
        is_absent = status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
        return await self._page(request, "not_found" if is_absent else "wrong", status)

    async def too_many(self, request: Request, error: Exception) -> Response:
        """Whose password was wrong too often, though they are logged in."""
        return await self._page(request, "too_many", HTTPStatus.TOO_MANY_REQUESTS)

    async def wrong(self, request: Request, error: Exception) -> Response:
        """What our own pages do not send."""
        return await self._page(request, "wrong", HTTPStatus.UNPROCESSABLE_ENTITY)

    async def busy(self, request: Request, error: Exception) -> Response:
        """The database cannot."""
        return self._desk.page(reader_of(request), "desk/refused.html", HTTPStatus.SERVICE_UNAVAILABLE, why="busy")

    async def _page(self, request: Request, why: str, status: int) -> Response:
        reader: Reader
        try:
            reader = await request.app.state.door.visit(request)
        except (Turned, StorageError):
            reader = reader_of(request)
        return self._desk.page(reader, "desk/refused.html", status, why=why)


def _to_log_in(request: Request) -> Response:
    reader = reader_of(request)
    if request.method != "GET" or "hx-request" in request.headers or reader.path == "/":
        return _go(request, "/login")
    wanted = reader.path + (f"?{request.url.query}" if request.url.query else "")
    return _go(request, f"/login?{urlencode({'next': wanted})}")


def _go(request: Request, path: str) -> Response:
    if "hx-request" in request.headers:
        # A piece of a page is no place for another page: the browser goes there itself.
        return Response(status_code=204, headers={"HX-Redirect": ROOT + path})
    return RedirectResponse(ROOT + path, 303)
