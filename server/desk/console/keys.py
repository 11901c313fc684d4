"""Keys of the push API: made and shown once, rotated, revoked."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from notifications import access
from notifications.access import ApiKey, NoSuchKey, Scope
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import House, Visit
from staff import Act
from staff.audit import Deed, keep

type Keeper = Annotated[Visit, needs(Act.KEYS)]
type Word = Annotated[str, Form(max_length=200)]

OLD_ENDS_AFTER: Final = timedelta(hours=24)
"""How long a rotated key still opens: a working day to put the new one in place. Our choice, as in `./relais keys`."""


def key_routes(desk: Desk) -> APIRouter:
    """/keys and its forms."""
    router, pages = APIRouter(prefix="/keys"), _Keys(desk)
    router.get("")(pages.listed)
    router.post("")(pages.make)
    router.post("/{key_id}/rotate")(pages.rotate)
    router.post("/{key_id}/revoke")(pages.revoke)
    return router


class _Keys:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def listed(self, visit: Keeper) -> Response:
        """Those of the businesses whose keys this member keeps."""
        return await self._page(visit)

    async def make(
        self,
        visit: Keeper,
        business: Word = "",
        name: Word = "",
        scopes: Annotated[list[Scope], Form()] = [],  # noqa: B006
        is_test: Annotated[bool, Form()] = False,
    ) -> Response:
        """Make one; it is shown now and never again."""
        house = next((each for each in _houses(visit) if each.slug == business), None)
        if house is None and business in {each.slug for each in visit.houses.values()}:
            raise MayNot
        if house is None or not name.strip() or not scopes:
            return await self._page(visit, wrong="no_name" if not name.strip() else "no_scope")
        key, secret = await self._database.write(_make, visit, house, name.strip(), scopes, is_test)
        return self._desk.page(visit, "console/key_made.html", key=key, secret=secret)

    async def rotate(self, visit: Keeper, key_id: str) -> Response:
        """A new one that may do the same, shown now and never again; the old one ends a day later."""
        await self._theirs(visit, key_id)
        try:
            key, secret = await self._database.write(_rotate, visit, key_id)
        except NoSuchKey:
            return self._desk.go("/keys", done="console.done.nothing")
        return self._desk.page(visit, "console/key_made.html", key=key, secret=secret)

    async def revoke(self, visit: Keeper, key_id: str) -> Response:
        """It opens nothing any more, at once."""
        await self._theirs(visit, key_id)
        await self._database.write(_revoke, visit, key_id)
        return self._desk.go("/keys", done="console.done.revoked")

    async def _theirs(self, visit: Visit, key_id: str) -> None:
        try:
            key = await self._database.read(access.named, key_id)
        except NoSuchKey:
            raise HTTPException(404) from None
        if not visit.member.may(Act.KEYS, key.business_id):
            raise MayNot

    async def _page(self, visit: Visit, wrong: str | None = None) -> Response:
        houses = _houses(visit)
        slugs = {each.slug for each in houses}
        keys = [key for key in await self._database.read(access.listed) if key.business in slugs]
        told = {"keys": list(reversed(keys)), "houses": houses, "scopes": list(Scope), "wrong": wrong}
        return self._desk.page(visit, "console/keys.html", 422 if wrong else 200, **told)


def _houses(visit: Visit) -> list[House]:
    return visit.of(visit.member.reach(Act.KEYS))


def _make(
    connection: Connection, visit: Visit, house: House, name: str, scopes: list[Scope], is_test: bool
) -> tuple[ApiKey, str]:
    made = access.create(
        connection, business=house.slug, name=name, scopes=scopes, is_test=is_test, expires_at=None, now=visit.now
    )
    _told(connection, visit, Deed.KEY_MADE, made[0])
    return made


def _rotate(connection: Connection, visit: Visit, key_id: str) -> tuple[ApiKey, str]:
    made = access.rotate(connection, key_id, OLD_ENDS_AFTER, visit.now)
    _told(connection, visit, Deed.KEY_ROTATED, made[0])
    return made


def _revoke(connection: Connection, visit: Visit, key_id: str) -> None:
    _told(connection, visit, Deed.KEY_REVOKED, access.revoke(connection, key_id, visit.now))


def _told(connection: Connection, visit: Visit, deed: Deed, key: ApiKey) -> None:
    keep(
        connection,
        deed,
        visit.now,
        member_id=visit.member.id,
        business_id=key.business_id,
        subject=("key", key.id),
        address=visit.address,
    )
