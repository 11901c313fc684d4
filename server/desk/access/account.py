"""One's own account: name, language and theme, password, sessions."""

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Response
from sqlalchemy.engine import Connection

from server.desk.door import LOGGED_IN, MayNot
from server.desk.page import Desk
from server.desk.visit import Visit
from server.parts import utc_now
from staff import links, members, passwords, second_factor, sessions
from staff.audit import Deed, keep
from staff.log_in import own_password_is
from staff.passwords import MIN_LENGTH, WeakPassword
from staff.sessions import Session

type Mine = Annotated[Visit, LOGGED_IN]
type Word = Annotated[str, Form(max_length=1000)]

MAX_NAME: Final = 80


def account_routes(desk: Desk) -> APIRouter:
    """/account and its forms."""
    router, pages = APIRouter(prefix="/account"), _Account(desk)
    router.get("")(pages.show)
    router.post("")(pages.prefer)
    router.post("/password")(pages.change_password)
    router.post("/sessions/end")(pages.end_others)
    router.post("/sessions/{session_id}/end")(pages.end)
    return router


class _Account:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Mine) -> Response:
        """The page."""
        return await self._page(visit)

    async def prefer(
        self,
        visit: Mine,
        name: Word = "",
        language: Annotated[Literal["fr", "en", ""], Form()] = "",
        theme: Annotated[Literal["auto", "light", "dark"], Form()] = "auto",
    ) -> Response:
        """Keep how they want to be called and to see the desk; an empty name leaves the old one."""
        called = name.strip()[:MAX_NAME] or visit.member.name
        await self._database.write(members.prefer, visit.member.id, name=called, language=language or None, theme=theme)
        return self._desk.go("/account", done="access.done.kept")

    async def change_password(self, visit: Mine, old: Word = "", new: Word = "") -> Response:
        """Take the new one, as the old one is right; their other sessions end."""
        if visit.member.is_demo:
            raise MayNot
        if not await own_password_is(self._database, visit.member, old, visit.address, visit.now):
            return await self._page(visit, wrong="old")
        try:
            passwords.check(new, email=visit.member.email, name=visit.member.name)
        except WeakPassword as error:
            return await self._page(visit, wrong=error.reason)
        password_hash = await asyncio.to_thread(passwords.hashed, new)
        await self._database.write(_change_password, visit, password_hash)
        return self._desk.go("/account", done="access.done.password_kept")

    async def end(self, visit: Mine, session_id: str) -> Response:
        """End one session of theirs."""
        await self._database.write(_end, visit, session_id)
        return self._desk.go("/account", done="access.done.session_ended")

    async def end_others(self, visit: Mine) -> Response:
        """End all their sessions but this one."""
        await self._database.write(_end, visit, None)
        return self._desk.go("/account", done="access.done.sessions_ended")

    async def _page(self, visit: Visit, wrong: str | None = None) -> Response:
        found, left = await self._database.read(_read, visit)
        told: dict[str, Any] = {"sessions": found, "recovery_left": left, "wrong": wrong, "min_length": MIN_LENGTH}
        return self._desk.page(visit, "access/account.html", 422 if wrong else 200, **told)


def _read(connection: Connection, visit: Visit) -> tuple[list[Session], int]:
    mine = sessions.listed(connection, visit.member.id, visit.now)
    return list(mine), second_factor.recovery_left(connection, visit.member.id)


def _change_password(connection: Connection, visit: Visit, password_hash: str) -> None:
    links.write_password(connection, visit.member.id, password_hash)
    sessions.end_all(connection, visit.member.id, but=visit.session_id)
    keep(connection, Deed.PASSWORD_CHANGED, utc_now(), member_id=visit.member.id, address=visit.address)


def _end(connection: Connection, visit: Visit, session_id: str | None) -> None:
    if session_id is None:
        sessions.end_all(connection, visit.member.id, but=visit.session_id)
    else:
        sessions.end(connection, visit.member.id, session_id)
    keep(connection, Deed.SESSIONS_ENDED, visit.now, member_id=visit.member.id, address=visit.address)
