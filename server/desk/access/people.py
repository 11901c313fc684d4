"""The staff: who works here and as what; inviting, changing, a new password, and an end. Not to be seen by others."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy.engine import Connection

from server.desk.access.linked import MAX_EMAIL
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act, Member, Role, links, members
from staff.audit import Deed, keep
from staff.member import Roles
from staff.members import KnownAlready, LastAdmin, NoSuchMember

type Chief = Annotated[Visit, needs(Act.STAFF)]
type Word = Annotated[str, Form(max_length=1000)]

WHOLE_HOUSE: Final = "house"
"""In the names of fields: role-house, and role-<id> for a business."""


def people_routes(desk: Desk) -> APIRouter:
    """/staff and below."""
    router, pages = APIRouter(prefix="/staff"), _People(desk)
    router.get("")(pages.listed)
    router.post("/invitations")(pages.invite)
    router.get("/{member_id}")(pages.show)
    router.post("/{member_id}/roles")(pages.change_roles)
    router.post("/{member_id}/reset")(pages.reset)
    router.post("/{member_id}/disable")(pages.disable)
    router.post("/{member_id}/enable")(pages.enable)
    return router


class _People:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def listed(self, visit: Chief) -> Response:
        """Everybody whose work this member has a say in, and the form for an invitation."""
        return await self._list(visit)

    async def invite(self, visit: Chief, request: Request, email: Word = "") -> Response:
        """Make an invitation; its address is shown now and never again."""
        email, roles = email.strip().lower(), await _roles_of(visit, request)
        local, _, domain = email.rpartition("@")
        if not local or "." not in domain or len(email) > MAX_EMAIL:
            return await self._list(visit, email=email, wrong="no_email")
        if not roles:
            return await self._list(visit, email=email, wrong="no_role")
        try:
            token = await self._database.write(_invite, visit, email, roles)
        except KnownAlready:
            return await self._list(visit, email=email, wrong="known")
        return self._link(visit, request, "invitation", email, token)

    async def show(self, visit: Chief, member_id: str) -> Response:
        """One member."""
        return self._page(visit, await self._theirs(visit, member_id))

    async def change_roles(self, visit: Chief, request: Request, member_id: str) -> Response:
        """What they may do from now on."""
        member, roles = await self._theirs(visit, member_id), await _roles_of(visit, request)
        try:
            await self._database.write(_change_roles, visit, member.id, roles)
        except LastAdmin:
            return self._page(visit, member, wrong="last_admin")
        return self._desk.go(f"/staff/{member.id}", done="access.done.roles_changed")

    async def reset(
        self, visit: Chief, request: Request, member_id: str, second_factor: Annotated[bool, Form()] = False
    ) -> Response:
        """A link for a new password, shown now and never again."""
        member = await self._theirs(visit, member_id)
        if member.is_demo:
            raise MayNot
        token = await self._database.write(_reset, visit, member.id, second_factor)
        return self._link(visit, request, "reset", member.email, token)

    async def disable(self, visit: Chief, member_id: str) -> Response:
        """Nothing opens for them any more."""
        member = await self._theirs(visit, member_id)
        try:
            await self._database.write(_disable, visit, member.id)
        except LastAdmin:
            return self._page(visit, member, wrong="last_admin")
        return self._desk.go(f"/staff/{member.id}", done="access.done.disabled")

    async def enable(self, visit: Chief, member_id: str) -> Response:
        """They work here again."""
        member = await self._theirs(visit, member_id)
        await self._database.write(_enable, visit, member.id)
        return self._desk.go(f"/staff/{member.id}", done="access.done.enabled")

    async def _theirs(self, visit: Visit, member_id: str) -> Member:
        """The member, as this one has a say in all of their work."""
        try:
            member = await self._database.read(_find, member_id)
        except NoSuchMember:
            raise HTTPException(404) from None
        if not _has_say(visit, member.roles):
            raise MayNot
        return member

    async def _list(self, visit: Visit, email: str = "", wrong: str | None = None) -> Response:
        everybody = await self._database.read(members.listed)
        told = {
            "staff": [each for each in everybody if _has_say(visit, each.roles)],
            "email": email,
            "wrong": wrong,
            "rows": _rows(visit, {}),
        }
        return self._desk.page(visit, "access/staff.html", 422 if wrong else 200, **told)

    def _page(self, visit: Visit, member: Member, wrong: str | None = None) -> Response:
        told = {"member": member, "wrong": wrong, "rows": _rows(visit, member.roles)}
        return self._desk.page(visit, "access/member.html", 422 if wrong else 200, **told)

    def _link(self, visit: Visit, request: Request, kind: str, email: str, token: str) -> Response:
        address = f"{request.url.scheme}://{request.headers['host']}/desk/links/{token}"
        return self._desk.page(visit, "access/link_made.html", kind=kind, email=email, address=address)


def _has_say(visit: Visit, roles: Roles) -> bool:
    """Whether this member has a say in all that these roles give."""
    reach = visit.member.reach(Act.STAFF)
    return reach is None or all(where in reach for where in roles)


def _rows(visit: Visit, roles: Roles) -> list[tuple[str, str | None, str]]:
    """A line of the form for each place: field, the name of the business (None: the whole house), the role there."""
    reach = visit.member.reach(Act.STAFF)
    house: list[tuple[str, str | None, str]] = [(WHOLE_HOUSE, None, roles.get(None, ""))] if reach is None else []
    return house + [(each.id, each.name, roles.get(each.id, "")) for each in visit.of(reach)]


async def _roles_of(visit: Visit, request: Request) -> Roles:
    """What the form gives. Raises MayNot for a place that is not this member's to give."""
    form: Mapping[str, Any] = await request.form()
    given = {
        name.removeprefix("role-"): Role(str(value))
        for name, value in form.items()
        if name.startswith("role-") and value in set(Role)
    }
    roles: Roles = {None if where == WHOLE_HOUSE else where: role for where, role in given.items()}
    if not _has_say(visit, roles) or any(where is not None and where not in visit.houses for where in roles):
        raise MayNot
    return roles


def _find(connection: Connection, member_id: str) -> Member:
    found = [each for each in members.listed(connection) if each.id == member_id]
    if not found:
        raise NoSuchMember("There is no such member.")
    return found[0]


def _invite(connection: Connection, visit: Visit, email: str, roles: Roles) -> str:
    token = links.invite(connection, email=email, roles=roles, made_by=visit.member.id, now=visit.now)
    keep(connection, Deed.INVITED, visit.now, member_id=visit.member.id, address=visit.address)
    return token


def _reset(connection: Connection, visit: Visit, member_id: str, clears_second_factor: bool) -> str:
    _told(connection, visit, Deed.LINK_MADE, member_id)
    return links.reset(
        connection, member_id, clears_second_factor=clears_second_factor, made_by=visit.member.id, now=visit.now
    )


def _change_roles(connection: Connection, visit: Visit, member_id: str, roles: Roles) -> None:
    members.change_roles(connection, member_id, roles)
    _told(connection, visit, Deed.ROLES_CHANGED, member_id)


def _disable(connection: Connection, visit: Visit, member_id: str) -> None:
    members.disable(connection, member_id, visit.now)
    _told(connection, visit, Deed.DISABLED, member_id)


def _enable(connection: Connection, visit: Visit, member_id: str) -> None:
    members.enable(connection, member_id)
    _told(connection, visit, Deed.ENABLED, member_id)


def _told(connection: Connection, visit: Visit, deed: Deed, member_id: str) -> None:
    subject = ("member", member_id)
    keep(connection, deed, visit.now, member_id=visit.member.id, subject=subject, address=visit.address)
