"""Sessions of those who are logged in: begun, found by what the cookie says, listed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff.member import Member
from staff.members import member
from staff.tables import staff_members, staff_sessions
from staff.tokens import digest, new_token
from storage.types import new_id

IDLE: Final = timedelta(hours=12)
"""Unused for so long, it is over: a working day. Our choice."""
LONGEST: Final = timedelta(days=7)
"""After so long one logs in again, however busy. Our choice."""
SECOND_FACTOR_WAITS: Final = timedelta(minutes=10)
"""How long one may look for one's phone."""
SEEN: Final = timedelta(minutes=1)
"""How exact `seen_at` is: a page that asks every second is written down once a minute."""

MAX_AGENT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser of one member."""

    id: str
    member: Member
    has_passed: bool
    """Whether it was let in; False while the second factor is still asked for."""
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def begin(connection: Connection, member_id: str, now: datetime, *, address: str, agent: str, has_passed: bool) -> str:
    """Let somebody in, or, until `has_passed`, as far as the question for the second factor; the cookie's value."""
    token = new_token()
    connection.execute(
        sa.insert(staff_sessions).values(
            id=new_id(),
            member_id=member_id,
            token_hash=digest(token),
            created_at=now,
            passed_at=now if has_passed else None,
            seen_at=now,
            expires_at=now + (LONGEST if has_passed else SECOND_FACTOR_WAITS),
            address=address,
            agent=agent[:MAX_AGENT],
        )
    )
    return token


def find(connection: Connection, token: str, now: datetime) -> Session | None:
    """The session that this is the token of, while it lasts and its member may work."""
    s = staff_sessions.c
    row = connection.execute(
        sa.select(staff_sessions)
        .join(staff_members, staff_members.c.id == s.member_id)
        .where(
            s.token_hash == digest(token),
            s.expires_at > now,
            s.seen_at > now - IDLE,
            staff_members.c.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else _read(connection, row)


def seen(connection: Connection, session: Session, now: datetime) -> None:
    """Keep that it was used, to the minute."""
    s = staff_sessions.c
    connection.execute(sa.update(staff_sessions).where(s.id == session.id, s.seen_at < now - SEEN).values(seen_at=now))


def listed(connection: Connection, member_id: str, now: datetime) -> Sequence[Session]:
    """The sessions of somebody that still open the desk, the last used first."""
    s = staff_sessions.c
    rows = connection.execute(
        sa.select(staff_sessions)
        .where(s.member_id == member_id, s.passed_at.is_not(None), s.expires_at > now, s.seen_at > now - IDLE)
        .order_by(s.seen_at.desc(), s.id.desc())
    ).all()
    return [_read(connection, row) for row in rows]


def end(connection: Connection, member_id: str, session_id: str) -> None:
    """It opens nothing any more. One that is not theirs stays as it is."""
    s = staff_sessions.c
    connection.execute(sa.delete(staff_sessions).where(s.id == session_id, s.member_id == member_id))


def end_all(connection: Connection, member_id: str, but: str | None = None) -> None:
    """End all of somebody's sessions, or all but one."""
    s = staff_sessions.c
    connection.execute(sa.delete(staff_sessions).where(s.member_id == member_id, s.id != but if but else sa.true()))


def _read(connection: Connection, row: sa.Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        member=member(connection, row.member_id),
        has_passed=row.passed_at is not None,
        created_at=row.created_at,
        seen_at=row.seen_at,
        address=row.address,
        agent=row.agent,
    )
