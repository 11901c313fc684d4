"""Requests that may be sent again: under one key exactly one does the work, and all are answered the same.

A request first claims its key, in a transaction of its own, so that another one at the same moment is told that it is
under way. The work and its answer are then kept in one transaction, which fails where the claim was lost meanwhile.
Whoever dies in between has done nothing, and loses the claim after a while.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from notifications.tables import idempotency_keys
from storage.clock import database_now

LEASE_SECONDS: Final = 60.0
"""How long a request may be at work before its key is free again: longer than any of ours takes."""

KEPT_SECONDS: Final = 24 * 3600.0
"""How long an answer is kept, as the peers do."""


class LostClaim(Exception):
    """Somebody else has taken the key over; nothing may be kept under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The key is ours: do the work, and `finish` in its transaction."""

    business_id: str
    key: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The work was done before; this is what was answered."""

    status_code: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """The same request is at work at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """The key was used for another request."""


def claim(
    connection: Connection, business_id: str, key: str, request_hash: str, lease_seconds: float = LEASE_SECONDS
) -> Claim | Done | UnderWay | Mismatch:
    """Take the key for a request, or learn what became of the one that had it."""
    c = idempotency_keys.c
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    fresh = {
        "request_hash": request_hash,
        "status_code": None,
        "body": sa.null(),
        "created_at": database_now(),
        "expires_at": database_now(lease_seconds),
    }
    inserted = dialect.insert(idempotency_keys).values(business_id=business_id, key=key, **fresh)
    claimed_at = connection.scalar(
        inserted.on_conflict_do_update(
            index_elements=[c.business_id, c.key], set_=fresh, where=c.expires_at <= database_now()
        ).returning(c.created_at)
    )
    if claimed_at is not None:
        return Claim(business_id=business_id, key=key, claimed_at=claimed_at)
    row = connection.execute(
        sa.select(c.request_hash, c.status_code, c.body).where(c.business_id == business_id, c.key == key)
    ).one_or_none()
    if row is None:
        # Given back this very moment: the next try gets it.
        return UnderWay()
    if row.request_hash != request_hash:
        return Mismatch()
    return UnderWay() if row.status_code is None else Done(status_code=row.status_code, body=row.body)


def finish(connection: Connection, claim: Claim, status_code: int, body: str) -> None:
    """Keep the answer, in the transaction of the work. Raises LostClaim: then undo the work."""
    kept = connection.execute(
        sa.update(idempotency_keys)
        .where(*_is(claim))
        .values(status_code=status_code, body=body, expires_at=database_now(KEPT_SECONDS))
    )
    if kept.rowcount != 1:
        raise LostClaim


def release(connection: Connection, claim: Claim) -> None:
    """Nothing was done: the key is free again, also for another request."""
    connection.execute(sa.delete(idempotency_keys).where(*_is(claim)))


def forget(connection: Connection) -> int:
    """Delete what was kept long enough; how many."""
    gone = sa.delete(idempotency_keys).where(idempotency_keys.c.expires_at <= database_now())
    return connection.execute(gone).rowcount


def _is(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    c = idempotency_keys.c
    return (
        c.business_id == claim.business_id,
        c.key == claim.key,
        c.created_at == claim.claimed_at,
        c.status_code.is_(None),
    )
