"""Logging in: address and password, then the code of the second factor where there is one.

LogInFailed     address, password or code is wrong; which one is not said
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff import attempts, members, passwords, second_factor, sessions
from staff.audit import Deed, keep
from staff.member import Member
from staff.tables import staff_members, staff_sessions
from staff.tokens import digest
from storage.database import Database


class LogInFailed(Exception):
    """Address, password or code is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class From:
    """Where a log-in comes from."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """What the browser is to keep, and whether a code is still to come."""

    token: str
    wants_code: bool


async def log_in(database: Database, *, email: str, password: str, where: From, now: datetime) -> LoggedIn:
    """Check address and password, and begin a session. Raises LogInFailed, TooMany."""
    await database.read(attempts.refuse_too_many, email, where.address, now)
    member_id, password_hash = await database.read(_kept, email)
    # Beside the loop: it is slow on purpose.
    is_right = await asyncio.to_thread(passwords.is_right, password_hash, password)
    if not is_right or member_id is None:
        await database.write(_failed, email, where, member_id, now)
        raise LogInFailed
    return await database.write(_begin, email, member_id, where, now)


async def give_code(database: Database, *, token: str, code: str, key: str, where: From, now: datetime) -> LoggedIn:
    """Check the code that a begun session waits for; a new session, let in. Raises LogInFailed, TooMany."""
    waiting = await database.read(sessions.find, token, now)
    if waiting is None or waiting.has_passed:
        raise LogInFailed
    email = waiting.member.email
    await database.read(attempts.refuse_too_many, email, where.address, now)
    passed = await database.write(_take_code, waiting.member, token, code, key, where, now)
    if passed is None:
        await database.write(_failed, email, where, waiting.member.id, now)
        raise LogInFailed
    return LoggedIn(token=passed, wants_code=False)


async def own_password_is(database: Database, member: Member, password: str, address: str, now: datetime) -> bool:
    """Whether this is the password of somebody who is logged in; a wrong one is counted. Raises TooMany."""
    await database.read(attempts.refuse_too_many, member.email, address, now)
    _, password_hash = await database.read(_kept, member.email)
    is_right = await asyncio.to_thread(passwords.is_right, password_hash, password)
    if not is_right:
        await database.write(attempts.failed, member.email, address, now)
    return is_right


def enter_demo(connection: Connection, where: From, now: datetime) -> str:
    """Let somebody into the demo; who may is for the door to decide."""
    demo = members.demo_member(connection, now)
    keep(connection, Deed.ENTERED_DEMO, now, member_id=demo.id, address=where.address)
    return sessions.begin(connection, demo.id, now, address=where.address, agent=where.agent, has_passed=True)


def let_in(connection: Connection, member: Member, where: From, now: datetime) -> str:
    """Begin the session of somebody who just proved who they are."""
    keep(connection, Deed.LOGGED_IN, now, member_id=member.id, address=where.address)
    return sessions.begin(connection, member.id, now, address=where.address, agent=where.agent, has_passed=True)


def _kept(connection: Connection, email: str) -> tuple[str | None, str | None]:
    m = staff_members.c
    row = connection.execute(
        sa.select(m.id, m.password_hash).where(m.email == email.lower(), m.disabled_at.is_(None))
    ).one_or_none()
    return (None, None) if row is None else (row.id, row.password_hash)


def _failed(connection: Connection, email: str, where: From, member_id: str | None, now: datetime) -> None:
    attempts.failed(connection, email, where.address, now)
    keep(connection, Deed.LOG_IN_FAILED, now, member_id=member_id, address=where.address)


def _begin(connection: Connection, email: str, member_id: str, where: From, now: datetime) -> LoggedIn:
    member = members.member(connection, member_id)
    if member.has_second_factor:
        token = sessions.begin(connection, member_id, now, address=where.address, agent=where.agent, has_passed=False)
        return LoggedIn(token=token, wants_code=True)
    attempts.succeeded(connection, email, where.address)
    return LoggedIn(token=let_in(connection, member, where, now), wants_code=False)


def _take_code(
    connection: Connection, member: Member, token: str, code: str, key: str, where: From, now: datetime
) -> str | None:
    if not second_factor.take(connection, member.id, key, code, now):
        return None
    connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.token_hash == digest(token)))
    attempts.succeeded(connection, member.email, where.address)
    return let_in(connection, member, where, now)
