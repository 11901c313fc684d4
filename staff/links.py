"""Links that open a door once: the first admin's, an invitation, a new password.

NoSuchLink      it never was, has been used, or has ended
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff import members, passwords, second_factor, sessions
from staff.audit import Deed, keep
from staff.member import Member, Roles
from staff.members import NoSuchMember
from staff.roles import Role
from staff.tables import staff_links, staff_members
from staff.tokens import digest, new_token
from storage.types import new_id

FIRST_LASTS: Final = timedelta(hours=24)
INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=24)

WHOLE_HOUSE: Final = ""
"""In the roles that an invitation keeps: the key of the role in the whole house."""


class Kind(StrEnum):
    """What a link does."""

    FIRST = "first"
    INVITATION = "invitation"
    RESET = "reset"


class NoSuchLink(Exception):
    """It never was, has been used, or has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that still opens its door."""

    id: str
    kind: Kind
    member_id: str | None
    """Whose password it changes; None where it makes a member."""
    email: str | None
    """Whom it is for; None: whoever opens it says so."""
    roles: Roles
    clears_second_factor: bool
    expires_at: datetime


def first(connection: Connection, now: datetime) -> str | None:
    """The token of a link for the first admin, the only one that opens; None once there is an admin."""
    if members.has_admin(connection):
        return None
    k = staff_links.c
    connection.execute(sa.delete(staff_links).where(k.kind == Kind.FIRST, k.used_at.is_(None)))
    return _add(connection, now, kind=Kind.FIRST, lasts=FIRST_LASTS, roles={None: Role.ADMIN})


def invite(connection: Connection, *, email: str, roles: Roles, made_by: str | None, now: datetime) -> str:
    """The token of an invitation. Raises KnownAlready."""
    if members.find_by_email(connection, email) is not None:
        raise members.KnownAlready("Somebody logs in with this address already.")
    return _add(
        connection,
        now,
        kind=Kind.INVITATION,
        lasts=INVITATION_LASTS,
        roles=roles,
        email=email.lower(),
        made_by=made_by,
    )


def reset(
    connection: Connection, member_id: str, *, clears_second_factor: bool, made_by: str | None, now: datetime
) -> str:
    """The token of a link for a new password; older ones open nothing any more. Raises NoSuchMember."""
    if members.member(connection, member_id).is_demo:
        raise NoSuchMember("The demo's member has no password.")
    k = staff_links.c
    connection.execute(sa.delete(staff_links).where(k.member_id == member_id, k.used_at.is_(None)))
    return _add(
        connection,
        now,
        kind=Kind.RESET,
        lasts=RESET_LASTS,
        member_id=member_id,
        clears_second_factor=clears_second_factor,
        made_by=made_by,
    )


def find(connection: Connection, token: str, now: datetime) -> Link:
    """What this link does. Raises NoSuchLink."""
    k = staff_links.c
    row = connection.execute(
        sa.select(staff_links).where(k.token_hash == digest(token), k.used_at.is_(None), k.expires_at > now)
    ).one_or_none()
    # The first admin is one: what was printed before loses its worth as soon as there is somebody.
    if row is None or (row.kind == Kind.FIRST and members.has_admin(connection)):
        raise NoSuchLink("This link never was, has been used, or has ended.")
    return _read(row)


def join(connection: Connection, token: str, *, email: str, name: str, password_hash: str, now: datetime) -> Member:
    """Make the member that a link invites; the link is used up. Raises NoSuchLink, KnownAlready."""
    link = _use(connection, token, now)
    made = members.add(
        connection,
        email=link.email or email,
        name=name,
        password_hash=password_hash,
        roles=link.roles,
        now=now,
    )
    keep(connection, Deed.JOINED, now, member_id=made.id)
    return made


def change_password(connection: Connection, token: str, *, password_hash: str, now: datetime) -> Member:
    """Give a member a new password and end their sessions; the link is used up. Raises NoSuchLink."""
    link = _use(connection, token, now)
    if link.member_id is None:
        raise NoSuchLink("This link changes no password.")
    write_password(connection, link.member_id, password_hash)
    if link.clears_second_factor:
        second_factor.turn_off(connection, link.member_id)
    sessions.end_all(connection, link.member_id)
    keep(connection, Deed.PASSWORD_CHANGED, now, member_id=link.member_id)
    return members.member(connection, link.member_id)


def write_password(connection: Connection, member_id: str, password_hash: str) -> None:
    """From now on this is their password."""
    changed = sa.update(staff_members).where(staff_members.c.id == member_id)
    connection.execute(changed.values(password_hash=password_hash))


def check_password(connection: Connection, token: str, password: str, *, email: str, name: str, now: datetime) -> Link:
    """The link, as the password is good enough for whom it is for. Raises NoSuchLink, WeakPassword."""
    link = find(connection, token, now)
    whose = members.member(connection, link.member_id) if link.member_id else None
    passwords.check(password, email=whose.email if whose else link.email or email, name=whose.name if whose else name)
    return link


def _use(connection: Connection, token: str, now: datetime) -> Link:
    link = find(connection, token, now)
    k = staff_links.c
    used = connection.execute(sa.update(staff_links).where(k.id == link.id, k.used_at.is_(None)).values(used_at=now))
    if used.rowcount != 1:
        raise NoSuchLink("This link has been used.")
    return link


def _add(
    connection: Connection,
    now: datetime,
    *,
    kind: Kind,
    lasts: timedelta,
    roles: Roles | None = None,
    **values: Any,
) -> str:
    token = new_token()
    kept = {where or WHOLE_HOUSE: role.value for where, role in (roles or {}).items()}
    row = {"id": new_id(), "kind": kind, "token_hash": digest(token), "roles": kept, **values}
    connection.execute(sa.insert(staff_links).values(**row, created_at=now, expires_at=now + lasts))
    return token


def _read(row: sa.Row[Any]) -> Link:
    return Link(
        id=row.id,
        kind=Kind(row.kind),
        member_id=row.member_id,
        email=row.email,
        roles={where or None: Role(role) for where, role in (row.roles or {}).items()},
        clears_second_factor=row.clears_second_factor,
        expires_at=row.expires_at,
    )
