"""Logging in with a password, with a code after it, or into the demo; and out again."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy.engine import Connection

from server.desk.access.cookies import drop_cookie, keep_cookie
from server.desk.door import COOKIE, LOGGED_IN, address_of, reader_of, refuse_foreign
from server.desk.page import Desk
from server.desk.visit import Visit
from server.parts import utc_now
from staff import sessions
from staff.attempts import TooMany
from staff.audit import Deed, keep
from staff.log_in import From, LogInFailed, enter_demo, give_code, log_in

type Word = Annotated[str, Form(max_length=1000)]

MAX_NEXT: Final = 500
"""Characters of the address to go on to; a longer one is forgotten."""


def entering_routes(desk: Desk) -> APIRouter:
    """/login, /login/code, /demo, /logout, and / which leads on."""
    router, pages = APIRouter(), _Entering(desk)
    router.get("/")(pages.start)
    router.get("/login")(pages.ask)
    router.post("/login")(pages.answer)
    router.get("/login/code")(pages.ask_code)
    router.post("/login/code")(pages.answer_code)
    router.post("/demo")(pages.demo)
    router.post("/logout")(pages.log_out)
    return router


def where_of(request: Request) -> From:
    """Where a log-in comes from."""
    return From(address=address_of(request), agent=request.headers.get("user-agent", ""))


class _Entering:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database
        self._key = desk.parts.settings.relais_secret.get_secret_value()

    async def start(self, visit: Annotated[Visit, LOGGED_IN]) -> Response:
        """To where this member begins."""
        return self._desk.go(self._desk.first_page(visit))

    async def ask(self, request: Request, next: str = "") -> Response:
        """The form; the demo's button, where there is a demo."""
        return self._form(request, "", next)

    async def answer(self, request: Request, email: Word = "", password: Word = "", next: Word = "") -> Response:
        """In, or on to the code, or the form again."""
        refuse_foreign(request)
        email = email.strip()
        try:
            done = await log_in(self._database, email=email, password=password, where=where_of(request), now=utc_now())
        except LogInFailed:
            return self._form(request, email, next, problem="wrong")
        except TooMany as error:
            return self._form(request, email, next, problem="too_many", wait=error.wait)
        follow = self._desk.go("/login/code", **_told(next)) if done.wants_code else self._desk.go(_safe(next))
        return keep_cookie(follow, request, done.token)

    async def ask_code(self, request: Request, next: str = "") -> Response:
        """The form for the code, to whoever gave the right password."""
        if not await self._is_waiting(request):
            return self._desk.go("/login", **_told(next))
        return self._code_form(request, next)

    async def answer_code(self, request: Request, code: Word = "", next: Word = "") -> Response:
        """In, or the form again."""
        refuse_foreign(request)
        token, where = request.cookies.get(COOKIE, ""), where_of(request)
        try:
            done = await give_code(self._database, token=token, code=code, key=self._key, where=where, now=utc_now())
        except LogInFailed:
            if not await self._is_waiting(request):
                return self._desk.go("/login", **_told(next))
            return self._code_form(request, next, problem="wrong_code")
        except TooMany as error:
            return self._code_form(request, next, problem="too_many", wait=error.wait)
        return keep_cookie(self._desk.go(_safe(next)), request, done.token)

    async def demo(self, request: Request) -> Response:
        """Into the demo, where there is one; elsewhere there is no such address."""
        refuse_foreign(request)
        if not request.app.state.door.is_demo(request):
            raise HTTPException(404)
        token = await self._database.write(enter_demo, where_of(request), utc_now())
        return keep_cookie(self._desk.go("/"), request, token)

    async def log_out(self, visit: Annotated[Visit, LOGGED_IN]) -> Response:
        """Out; the session opens nothing any more."""
        await self._database.write(_end, visit)
        return drop_cookie(self._desk.go("/login", done="access.done.logged_out"))

    async def _is_waiting(self, request: Request) -> bool:
        """Whether the browser's session waits for a code."""
        found = await self._database.read(sessions.find, request.cookies.get(COOKIE, ""), utc_now())
        return found is not None and not found.has_passed

    def _form(
        self, request: Request, email: str, next: str, problem: str | None = None, wait: timedelta | None = None
    ) -> Response:
        return self._desk.page(
            reader_of(request),
            "access/login.html",
            _status(problem),
            email=email,
            next=next[:MAX_NEXT],
            problem=problem,
            wait=wait,
            has_demo=request.app.state.door.is_demo(request),
        )

    def _code_form(
        self, request: Request, next: str, problem: str | None = None, wait: timedelta | None = None
    ) -> Response:
        told = {"next": next[:MAX_NEXT], "problem": problem, "wait": wait}
        return self._desk.page(reader_of(request), "access/code.html", _status(problem), **told)


def _status(problem: str | None) -> int:
    if problem is None:
        return 200
    return 429 if problem == "too_many" else 401


def _told(next: str) -> dict[str, str]:
    return {"next": next} if next else {}


def _safe(next: str) -> str:
    """Where to go on; it stands after /desk, so that it leads nowhere else."""
    return next if next.startswith("/") and len(next) <= MAX_NEXT else "/"


def _end(connection: Connection, visit: Visit) -> None:
    sessions.end(connection, visit.member.id, visit.session_id)
    keep(connection, Deed.LOGGED_OUT, visit.now, member_id=visit.member.id, address=visit.address)
