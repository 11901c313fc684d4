"""Links by which guests try the bot: made and shown once, listed, ended."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from channels.guest import guest_number
from conversations.guests import links
from conversations.guests.links import MAX_DAYS, MAX_GUESTS, MAX_LABEL, BadLink, Wanted
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import House, Visit
from staff import Act
from staff.audit import Deed, keep

type Inviter = Annotated[Visit, needs(Act.INVITE_TESTERS)]
type Word = Annotated[str, Form(max_length=200)]

BEGINS_WITH: Final[Mapping[str, str]] = {"label": "", "language": "fr", "days": "7", "guests": "10"}
"""What the form offers: a week, for a team."""

MOST: Final[Mapping[str, int]] = {"label": MAX_LABEL, "days": MAX_DAYS, "guests": MAX_GUESTS}


def link_routes(desk: Desk) -> APIRouter:
    """/guests and its forms."""
    router, pages = APIRouter(prefix="/guests"), _Links(desk)
    router.get("")(pages.listed)
    router.post("")(pages.make)
    router.post("/{link_id}/end")(pages.end)
    return router


class _Links:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def listed(self, visit: Inviter, business: str = "") -> Response:
        """Those of a business, and a form for a new one."""
        return await self._page(visit, _house(visit, business), BEGINS_WITH)

    async def make(
        self,
        visit: Inviter,
        business: Word = "",
        label: Word = "",
        language: Word = "",
        days: Word = "",
        guests: Word = "",
    ) -> Response:
        """Make one; its address is shown now and never again."""
        house = _house(visit, business)
        form = {"label": label, "language": language, "days": days, "guests": guests}
        wanted = Wanted(label=label, language=language, days=_number(days), most_guests=_number(guests))
        try:
            secret = await self._database.write(_make, visit, house, wanted)
        except BadLink as bad:
            return await self._page(visit, house, form, bad.field)
        address = f"{self._desk.parts.settings.public_address}/g/{secret}"
        return self._desk.page(visit, "guests/made.html", house=house, address=address, wanted=wanted)

    async def end(self, visit: Inviter, link_id: UUID) -> Response:
        """It opens nothing any more, at once."""
        link = await self._database.read(links.of_id, str(link_id))
        if link is None:
            raise HTTPException(404)
        if not visit.member.may(Act.INVITE_TESTERS, link.business_id):
            raise MayNot
        await self._database.write(_end, visit, link.id, link.business_id)
        return self._desk.go("/guests", done="guests.done.ended", business=visit.houses[link.business_id].slug)

    async def _page(self, visit: Visit, house: House, form: Mapping[str, str], wrong: str = "") -> Response:
        found = await self._database.read(links.listed, house.id)
        told: dict[str, Any] = {"house": house, "houses": visit.of(visit.member.reach(Act.INVITE_TESTERS))}
        # The list of talks as it would be with everything of guests in it.
        talks = urlencode({"business": house.slug, "view": "all", "number": guest_number(house.id)})
        told |= {"choices": [(each.slug, each.name) for each in told["houses"]], "talks": talks}
        told |= {"links": found, "form": form, "wrong": wrong, "most": MOST}
        return self._desk.page(visit, "guests/links.html", 422 if wrong else 200, **told)


def _house(visit: Visit, slug: str) -> House:
    """The business that is named, else the first at which they may. Raises MayNot."""
    theirs = visit.of(visit.member.reach(Act.INVITE_TESTERS))
    found = next((house for house in theirs if house.slug == slug or not slug), None)
    if found is None:
        raise MayNot
    return found


def _number(text: str) -> int:
    """Nought for what is none, which no link may have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _make(connection: Connection, visit: Visit, house: House, wanted: Wanted) -> str:
    secret = links.make(connection, house.id, wanted, visit.member.name, visit.now)
    made = links.find(connection, secret)
    _told(connection, visit, Deed.GUEST_LINK_MADE, made.id if made else "", house.id)
    return secret


def _end(connection: Connection, visit: Visit, link_id: str, business_id: str) -> None:
    links.end(connection, link_id, visit.now)
    _told(connection, visit, Deed.GUEST_LINK_ENDED, link_id, business_id)


def _told(connection: Connection, visit: Visit, deed: Deed, link_id: str, business_id: str) -> None:
    subject = ("guest-link", link_id)
    by: dict[str, Any] = {"member_id": visit.member.id, "address": visit.address}
    keep(connection, deed, visit.now, business_id=business_id, subject=subject, **by)
