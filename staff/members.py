"""Members of the staff as they are kept: made, found, listed; what they may do is changed here.

StaffError
├── NoSuchMember    nobody is known by this
├── KnownAlready    somebody logs in with this address already
└── LastAdmin       it would leave the house without anybody who may do everything
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff.member import Member, Roles
from staff.roles import Role
from staff.tables import staff_members, staff_roles
from storage.insert import insert_new
from storage.types import new_id

DEMO_EMAIL: Final = "demo@localhost"


class StaffError(Exception):
    """It cannot be done; the message says why."""


class NoSuchMember(StaffError):
    """Nobody is known by this."""


class KnownAlready(StaffError):
    """Somebody logs in with this address already."""


class LastAdmin(StaffError):
    """Nobody would be left who may do everything."""


def add(
    connection: Connection,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    roles: Roles,
    now: datetime,
    is_demo: bool = False,
) -> Member:
    """A new member. Raises KnownAlready."""
    row = {
        "id": new_id(),
        "email": email.lower(),
        "name": name,
        "password_hash": password_hash,
        "is_demo": is_demo,
        "created_at": now,
    }
    made = insert_new(connection, staff_members, row, staff_members.c.id)
    if made is None:
        raise KnownAlready("Somebody logs in with this address already.")
    _write_roles(connection, made, roles)
    return member(connection, made)


def demo_member(connection: Connection, now: datetime) -> Member:
    """Whoever enters the demo: an admin without a password."""
    m = staff_members.c
    known = connection.scalar(sa.select(m.id).where(m.email == DEMO_EMAIL, m.is_demo))
    if known is not None:
        return member(connection, known)
    house: Roles = {None: Role.ADMIN}
    return add(connection, email=DEMO_EMAIL, name="Demo", password_hash=None, roles=house, now=now, is_demo=True)


def member(connection: Connection, member_id: str) -> Member:
    """Who this is. Raises NoSuchMember."""
    found = connection.execute(sa.select(staff_members).where(staff_members.c.id == member_id)).one_or_none()
    if found is None:
        raise NoSuchMember("There is no such member.")
    return _read(found, _roles(connection, member_id))


def find_by_email(connection: Connection, email: str) -> Member | None:
    """Who logs in with this address."""
    found = connection.execute(sa.select(staff_members).where(staff_members.c.email == email.lower())).one_or_none()
    return None if found is None else _read(found, _roles(connection, found.id))


def listed(connection: Connection) -> Sequence[Member]:
    """Everybody, by name; those whose work is over come last."""
    m = staff_members.c
    rows = connection.execute(sa.select(staff_members).order_by(m.disabled_at.is_not(None), m.name, m.id)).all()
    given: dict[str, dict[str | None, Role]] = {}
    for row in connection.execute(sa.select(staff_roles)):
        given.setdefault(row.member_id, {})[row.business_id] = Role(row.role)
    return [_read(row, given.get(row.id, {})) for row in rows]


def has_admin(connection: Connection) -> bool:
    """Whether anybody of flesh and blood may do everything."""
    return bool(_other_admins(connection, but=None))


def change_roles(connection: Connection, member_id: str, roles: Roles) -> None:
    """From now on they may do this, and nothing else. Raises LastAdmin."""
    if roles.get(None) is not Role.ADMIN:
        _refuse_last_admin(connection, member_id)
    connection.execute(sa.delete(staff_roles).where(staff_roles.c.member_id == member_id))
    _write_roles(connection, member_id, roles)


def disable(connection: Connection, member_id: str, now: datetime) -> None:
    """They work here no longer: nothing opens for them. Raises LastAdmin."""
    _refuse_last_admin(connection, member_id)
    _change(connection, member_id, disabled_at=now)


def enable(connection: Connection, member_id: str) -> None:
    """They work here again, as before."""
    _change(connection, member_id, disabled_at=None)


def prefer(connection: Connection, member_id: str, *, name: str, language: str | None, theme: str) -> None:
    """How somebody wants to be called and to see the desk."""
    _change(connection, member_id, name=name, language=language, theme=theme)


def _change(connection: Connection, member_id: str, **values: Any) -> None:
    connection.execute(sa.update(staff_members).where(staff_members.c.id == member_id).values(**values))


def _refuse_last_admin(connection: Connection, member_id: str) -> None:
    if member(connection, member_id).is_house_admin and not _other_admins(connection, but=member_id):
        raise LastAdmin("Nobody would be left who may do everything.")


def _other_admins(connection: Connection, but: str | None) -> list[str]:
    m, r = staff_members.c, staff_roles.c
    chosen = sa.select(m.id).join(staff_roles, r.member_id == m.id)
    able = chosen.where(r.role == Role.ADMIN, r.business_id.is_(None), m.disabled_at.is_(None), m.is_demo.is_(False))
    return [each for each in connection.scalars(able) if each != but]


def _write_roles(connection: Connection, member_id: str, roles: Roles) -> None:
    for business_id, role in roles.items():
        row = {"id": new_id(), "member_id": member_id, "business_id": business_id, "role": role}
        connection.execute(sa.insert(staff_roles).values(row))


def _roles(connection: Connection, member_id: str) -> dict[str | None, Role]:
    r = staff_roles.c
    rows = connection.execute(sa.select(r.business_id, r.role).where(r.member_id == member_id))
    return {row.business_id: Role(row.role) for row in rows}


def _read(row: sa.Row[Any], roles: Roles) -> Member:
    return Member(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        theme=row.theme,
        roles=roles,
        has_second_factor=row.totp_secret is not None,
        is_demo=row.is_demo,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
