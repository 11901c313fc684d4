"""Turning one's second factor on, with a QR code and recovery codes that are shown once; and off."""

import re
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Form, Response
from markupsafe import Markup
from sqlalchemy.engine import Connection

from server.desk.door import LOGGED_IN, MayNot
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import second_factor
from staff.audit import Deed, keep
from staff.log_in import own_password_is

type Mine = Annotated[Visit, LOGGED_IN]
type Word = Annotated[str, Form(max_length=1000)]

SECRET: Final = re.compile(r"[A-Z2-7]{32}")
"""160 bits in base 32, as `second_factor.new_secret` makes them (RFC 4226 §4 asks for as many)."""


def second_factor_routes(desk: Desk) -> APIRouter:
    """/account/second-factor and its forms."""
    router, pages = APIRouter(prefix="/account/second-factor"), _SecondFactor(desk)
    router.get("")(pages.show)
    router.post("")(pages.turn_on)
    router.post("/off")(pages.turn_off)
    return router


class _SecondFactor:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database
        self._is_required = desk.parts.settings.desk_second_factor == "required"
        self._key = desk.parts.settings.relais_secret.get_secret_value()

    async def show(self, visit: Mine, welcome: str = "") -> Response:
        """A code to scan, or the way to turn it off."""
        _refuse_demo(visit)
        return self._page(visit, second_factor.new_secret(), is_welcome=bool(welcome))

    async def turn_on(self, visit: Mine, secret: Word = "", code: Word = "") -> Response:
        """On, as the first code is right; the recovery codes are shown now and never again."""
        _refuse_demo(visit)
        if visit.member.has_second_factor or not SECRET.fullmatch(secret):
            return self._desk.go("/account/second-factor")
        recovery = await self._database.write(_turn_on, visit, self._key, secret, code)
        if recovery is None:
            return self._page(visit, secret, wrong="code")
        return self._desk.page(visit, "access/recovery.html", codes=recovery)

    async def turn_off(self, visit: Mine, password: Word = "") -> Response:
        """Off, as the password is right; not where the house wants it."""
        _refuse_demo(visit)
        if self._is_required:
            raise MayNot
        if not await own_password_is(self._database, visit.member, password, visit.address, visit.now):
            return self._page(visit, second_factor.new_secret(), wrong="password")
        await self._database.write(_turn_off, visit)
        return self._desk.go("/account", done="access.done.second_off")

    def _page(self, visit: Visit, secret: str, wrong: str | None = None, is_welcome: bool = False) -> Response:
        told: dict[str, Any] = {
            "secret": secret,
            "drawing": _drawing(second_factor.app_address(secret, visit.member.email)),
            "wrong": wrong,
            "is_welcome": is_welcome,
            "is_required": self._is_required,
        }
        return self._desk.page(visit, "access/second_factor.html", 422 if wrong else 200, **told)


def _refuse_demo(visit: Visit) -> None:
    if visit.member.is_demo:
        raise MayNot


def _drawing(address: str) -> Markup:
    """The QR code, drawn in black on nothing; its frame is white in the dark too."""
    return Markup(segno.make(address, error="m").svg_inline(omitsize=True, border=0))  # noqa: S704 - segno's own


def _turn_on(connection: Connection, visit: Visit, key: str, secret: str, code: str) -> list[str] | None:
    recovery = second_factor.turn_on(connection, visit.member.id, key, secret, code, visit.now)
    if recovery is not None:
        keep(connection, Deed.SECOND_FACTOR_ON, visit.now, member_id=visit.member.id, address=visit.address)
    return recovery


def _turn_off(connection: Connection, visit: Visit) -> None:
    second_factor.turn_off(connection, visit.member.id)
    keep(connection, Deed.SECOND_FACTOR_OFF, visit.now, member_id=visit.member.id, address=visit.address)
