"""The door of the desk: who asks, whether they may, and whether a change really comes from our own page.

Turned          the request is turned away
├── NotLoggedIn      nobody is logged in; the log-in page is shown
├── WantsSecond      logged in, but the house wants a second factor first
├── MayNot           logged in, but not allowed
└── Forged           a change that does not carry what our own pages send
"""

import hmac
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.engine import Connection

from server.desk.visit import House, Reader, Visit
from server.parts import Parts, utc_now
from server.settings import LOOPBACK
from server.tracking.routes import preferred_language
from staff import Act, sessions
from staff.sessions import SEEN, Session
from staff.tokens import digest
from storage.tables import businesses

COOKIE: Final = "relais_desk"
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf-token"
SAFE_METHODS: Final = ("GET", "HEAD")

SET_UP_PATH: Final = "/account/second-factor"
"""Where one goes who needs a second factor and has none; these and logging out are open to them."""
OPEN_WITHOUT: Final = (SET_UP_PATH, "/logout")

FORWARDED: Final = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "cf-ray")


class Turned(Exception):
    """The request is turned away."""


class NotLoggedIn(Turned):
    """Nobody is logged in."""


class WantsSecond(Turned):
    """They have no second factor, and the house wants one."""


class MayNot(Turned):
    """They are not allowed to."""


class Forged(Turned):
    """It does not carry what our own pages send."""


class Door:
    """Knows who asks, by the cookie."""

    def __init__(self, parts: Parts) -> None:
        self._database = parts.database
        self._settings = parts.settings

    async def visit(self, request: Request) -> Visit:
        """Who asks. Raises NotLoggedIn, WantsSecond."""
        token, now = request.cookies.get(COOKIE, ""), utc_now()
        session, houses = await self._database.read(_known, token, now)
        if session is None or not session.has_passed:
            raise NotLoggedIn
        if session.member.is_demo and not self.is_demo(request):
            raise NotLoggedIn
        if now - session.seen_at > SEEN:
            await self._database.write(sessions.seen, session, now)
        visit = _visit(request, session, houses, csrf_of(token), now)
        if self.wants_second(visit) and not visit.path.startswith(OPEN_WITHOUT):
            raise WantsSecond
        return visit

    def is_demo(self, request: Request) -> bool:
        """Whether the demo may be entered: with the emulator alone, and by this machine's own browser alone."""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        client = request.client.host if request.client else ""
        through = any(name in FORWARDED or name.startswith("x-forwarded") for name in request.headers)
        return self._settings.uses_emulator and host in LOOPBACK and client in LOOPBACK and not through

    def wants_second(self, visit: Visit) -> bool:
        """Whether they must set up a second factor before anything else."""
        is_wanted = self._settings.desk_second_factor == "required"
        return is_wanted and not visit.member.has_second_factor and not visit.member.is_demo


class _Needs:
    """A dependency of a route: lets in who may do its act."""

    def __init__(self, act: Act | None) -> None:
        self.act = act

    async def __call__(self, request: Request) -> Visit:
        visit: Visit = await request.app.state.door.visit(request)
        if request.method not in SAFE_METHODS:
            await _refuse_forged(request, visit)
        if self.act is not None and not visit.member.may(self.act):
            raise MayNot
        return visit


def needs(act: Act) -> Any:
    """For `Annotated[Visit, needs(Act.…)]`: who may do this at one business at least."""
    return Depends(_Needs(act))


LOGGED_IN: Final[Any] = Depends(_Needs(None))
"""For `Annotated[Visit, LOGGED_IN]`: anybody who works here."""


def act_of(dependency: object) -> tuple[bool, Act | None]:
    """Whether this is what lets people in, and which act it asks for."""
    return (True, dependency.act) if isinstance(dependency, _Needs) else (False, None)


def reader_of(request: Request) -> Reader:
    """How somebody reads who is not logged in."""
    return Reader(
        language=preferred_language(request, "en"),
        theme="auto",
        path=_path(request),
        now=utc_now(),
        done=request.query_params.get("done"),
    )


def refuse_foreign(request: Request) -> None:
    """A form that another site made somebody's browser send. Raises Forged."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Forged


def csrf_of(token: str) -> str:
    """What the forms of a session carry: known to whoever has its cookie, and to our pages."""
    return digest(f"csrf {token}")


def address_of(request: Request) -> str:
    """From where somebody asks."""
    return request.client.host if request.client else "unknown"


async def _refuse_forged(request: Request, visit: Visit) -> None:
    refuse_foreign(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise Forged


def _visit(request: Request, session: Session, houses: dict[str, House], csrf: str, now: datetime) -> Visit:
    member = session.member
    theirs = next((house for house in houses.values() if None in member.roles or house.id in member.roles), None)
    return Visit(
        language=member.language or preferred_language(request, "en"),
        theme=member.theme,
        path=_path(request),
        now=now,
        timezone=theirs.timezone if theirs else "UTC",
        done=request.query_params.get("done"),
        member=member,
        session_id=session.id,
        csrf=csrf,
        address=address_of(request),
        houses=houses,
    )


def _path(request: Request) -> str:
    return request.url.path.removeprefix(request.scope.get("root_path", "")) or "/"


def _known(connection: Connection, token: str, now: datetime) -> tuple[Session | None, dict[str, House]]:
    b = businesses.c
    rows = connection.execute(sa.select(b.id, b.slug, b.name, b.timezone).order_by(b.name, b.slug))
    found = sessions.find(connection, token, now) if token else None
    return found, {row.id: House(row.id, row.slug, row.name, row.timezone) for row in rows}
