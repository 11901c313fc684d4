"""What a one-time link opens: becoming a member with name and password, or a new password."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from server.desk.access.cookies import keep_cookie
from server.desk.access.entering import where_of
from server.desk.door import reader_of, refuse_foreign
from server.desk.page import Desk
from server.parts import utc_now
from staff import links, passwords
from staff.links import Link, NoSuchLink
from staff.log_in import let_in
from staff.member import Member
from staff.members import KnownAlready
from staff.passwords import MIN_LENGTH, WeakPassword

type Word = Annotated[str, Form(max_length=1000)]

MAX_NAME: Final = 80
MAX_EMAIL: Final = 254
"""RFC 5321 §4.5.3.1."""


def link_routes(desk: Desk) -> APIRouter:
    """/links/{token}"""
    router, pages = APIRouter(), _Linked(desk)
    router.get("/links/{token}")(pages.show)
    router.post("/links/{token}")(pages.use)
    return router


class _Linked:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, token: str, request: Request) -> Response:
        """The form that this link is for."""
        try:
            link = await self._database.read(links.find, token, utc_now())
        except NoSuchLink:
            return self._ended(request)
        return self._form(request, link, email=link.email or "", name="")

    async def use(
        self, token: str, request: Request, name: Word = "", email: Word = "", password: Word = ""
    ) -> Response:
        """Become a member, or take the new password; the link is used up, and one is logged in."""
        refuse_foreign(request)
        name, email, now = name.strip()[:MAX_NAME], email.strip().lower(), utc_now()
        try:
            link = await self._database.read(links.find, token, now)
            wrong = _wrong(link, name, email)
            if wrong is None:
                await self._database.read(links.check_password, token, password, email=email, name=name, now=now)
                password_hash = await asyncio.to_thread(passwords.hashed, password)
                return await self._let_in(request, await self._done(link, token, name, email, password_hash))
        except NoSuchLink:
            return self._ended(request)
        except WeakPassword as error:
            wrong = error.reason
        except KnownAlready:
            wrong = "known"
        return self._form(request, link, email=link.email or email, name=name, wrong=wrong)

    async def _done(self, link: Link, token: str, name: str, email: str, password_hash: str) -> Member:
        write, now = self._database.write, utc_now()
        if link.member_id is not None:
            return await write(links.change_password, token, password_hash=password_hash, now=now)
        return await write(links.join, token, email=email, name=name, password_hash=password_hash, now=now)

    async def _let_in(self, request: Request, member: Member) -> Response:
        if member.has_second_factor:
            # A link proves less than the code would.
            return self._desk.go("/login", done="access.done.password_changed")
        entered = await self._database.write(let_in, member, where_of(request), utc_now())
        return keep_cookie(self._desk.go("/account/second-factor", welcome="1"), request, entered)

    def _form(self, request: Request, link: Link, *, email: str, name: str, wrong: str | None = None) -> Response:
        told = {"link": link, "email": email, "name": name, "wrong": wrong, "min_length": MIN_LENGTH}
        return self._desk.page(reader_of(request), "access/link.html", 422 if wrong else 200, **told)

    def _ended(self, request: Request) -> Response:
        return self._desk.page(reader_of(request), "access/link_ended.html", 404)


def _wrong(link: Link, name: str, email: str) -> str | None:
    """What is missing, of somebody new."""
    if link.member_id is not None:
        return None
    if not name:
        return "no_name"
    local, _, domain = email.rpartition("@")
    is_address = bool(local) and "." in domain.strip(".") and not any(each.isspace() for each in email)
    return None if link.email or (is_address and len(email) <= MAX_EMAIL) else "no_email"
