"""API keys: made, found by what was presented, revoked, rotated. A key itself is shown once and kept nowhere."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from channels.webhook import derived_secret
from notifications.tables import api_keys
from storage.tables import businesses
from storage.types import new_id

LIVE_PREFIX: Final = "rk_live_"
TEST_PREFIX: Final = "rk_test_"

SECRET_LENGTH: Final = 40
"""Letters and digits after the prefix: 238 bits, so that a hash without salt gives nothing away."""

SHOWN_LENGTH: Final = 16
"""So much of a key may be seen, to tell it from others: the prefix and eight characters."""

USED_SECONDS: Final = 60.0
"""How exact `last_used_at` is: a key that is used a thousand times a second is written down once a minute."""

_ALPHABET: Final = string.ascii_letters + string.digits


class Scope(StrEnum):
    """What a key may do. One that ends in :write also reads."""

    #: set notifications off, also many, broadcasts and templates; take them back
    NOTIFY = "notify"
    #: tell what happened in the business's own system
    EVENTS = "events"
    #: see messages and notifications, and their stories
    MESSAGES_READ = "messages:read"
    #: cancel messages; replay and drop dead letters
    MESSAGES_WRITE = "messages:write"
    #: see people with their addresses and preferences, and topics
    SUBSCRIBERS_READ = "subscribers:read"
    #: add, change and remove people, addresses, topics and their members
    SUBSCRIBERS_WRITE = "subscribers:write"
    #: see what people want to get
    PREFERENCES_READ = "preferences:read"
    #: keep what people decided to get and not to get
    PREFERENCES_WRITE = "preferences:write"
    #: open one person's in-app inbox for a while, for the business's own page or app
    INBOX = "inbox"
    #: see templates and workflows, and how they read
    TEMPLATES_READ = "templates:read"
    #: say where the business is told what became of its messages
    HOOKS_WRITE = "hooks:write"
    #: see talks that wait for a human or have one, and what is said in them
    HANDOFFS_READ = "handoffs:read"
    #: take such talks up, answer in them, give them back
    HANDOFFS_WRITE = "handoffs:write"
    #: all of it
    ADMIN = "admin"


class NoSuchKey(Exception):
    """No key is known by this; the message says how to find it."""


class NoSuchBusiness(Exception):
    """No business has this slug; the message names those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept."""

    id: str
    business_id: str
    business: str
    """The slug."""
    name: str
    prefix: str
    """What may be seen of it."""
    scopes: frozenset[str]
    is_test: bool
    """What is made with it never leaves the house."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def allows(scopes: Collection[str], wanted: Scope) -> bool:
    """Whether a key with these scopes may do what one needs `wanted` for."""
    writing = wanted.removesuffix(":read") + ":write"
    return not {Scope.ADMIN, wanted, writing}.isdisjoint(scopes)


def create(
    connection: Connection,
    *,
    business: str,
    name: str,
    scopes: Collection[Scope],
    is_test: bool,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; it and what it is, which nobody can be told again. Raises NoSuchBusiness."""
    business_id = connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == business))
    if business_id is None:
        known = ", ".join(connection.scalars(sa.select(businesses.c.slug).order_by(businesses.c.slug)))
        raise NoSuchBusiness(f"No business is called {business}; there are: {known}.")
    secret = _new_secret(is_test=is_test)
    key_id = new_id()
    connection.execute(
        sa.insert(api_keys).values(
            id=key_id,
            business_id=business_id,
            name=name,
            prefix=secret[:SHOWN_LENGTH],
            secret_hash=_digest(secret),
            scopes=sorted(scopes),
            is_test=is_test,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return _one(connection, api_keys.c.id == key_id), secret


def find(connection: Connection, presented: str) -> ApiKey | None:
    """The key that this is, valid or not; None for anything else."""
    if not presented.startswith((LIVE_PREFIX, TEST_PREFIX)):
        return None
    digest = _digest(presented)
    row = connection.execute(_select().where(api_keys.c.secret_hash == digest)).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, digest):
        return None
    return _read(row)


def find_by_id(connection: Connection, key_id: str) -> ApiKey | None:
    """The key with this id, valid or not."""
    row = connection.execute(_select().where(api_keys.c.id == key_id)).one_or_none()
    return None if row is None else _read(row)


def signing_secret(server_secret: str, key_id: str) -> str:
    """With what the holder of a key may sign events, in place of showing the key. Derived, and kept nowhere."""
    return derived_secret(server_secret, "events", key_id)


def listed(connection: Connection, business: str | None = None) -> list[ApiKey]:
    """All keys, or those of a business, the oldest first."""
    chosen = [] if business is None else [businesses.c.slug == business]
    return [_read(row) for row in connection.execute(_select().where(*chosen).order_by(api_keys.c.id))]


def named(connection: Connection, name: str) -> ApiKey:
    """The key with this id or this beginning. Raises NoSuchKey."""
    found = [key for key in listed(connection) if name in (key.id, key.prefix)]
    if len(found) != 1:
        raise NoSuchKey(f"No key is {name}; `./relais keys list` tells their ids and beginnings.")
    return found[0]


def revoke(connection: Connection, name: str, now: datetime) -> ApiKey:
    """From now on it opens nothing. Again changes nothing. Raises NoSuchKey."""
    key = named(connection, name)
    connection.execute(
        sa.update(api_keys).where(api_keys.c.id == key.id, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return _one(connection, api_keys.c.id == key.id)


def rotate(connection: Connection, name: str, keeps: timedelta, now: datetime) -> tuple[ApiKey, str]:
    """A new key that may do the same; the old one ends after `keeps`, so that nothing stops. Raises NoSuchKey."""
    old = named(connection, name)
    if not old.is_valid(now):
        raise NoSuchKey(f"The key {old.prefix}… is revoked or has expired; make a new one with `./relais keys create`.")
    ends_at = min(now + keeps, old.expires_at or now + keeps)
    connection.execute(sa.update(api_keys).where(api_keys.c.id == old.id).values(expires_at=ends_at))
    return create(
        connection,
        business=old.business,
        name=old.name,
        scopes=[Scope(scope) for scope in old.scopes],
        is_test=old.is_test,
        expires_at=old.expires_at,
        now=now,
    )


def used(connection: Connection, key_id: str, now: datetime) -> None:
    """Keep that it was used, to the minute."""
    last = api_keys.c.last_used_at
    is_old = last.is_(None) | (last < now - timedelta(seconds=USED_SECONDS))
    connection.execute(sa.update(api_keys).where(api_keys.c.id == key_id, is_old).values(last_used_at=now))


def _new_secret(*, is_test: bool) -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))
    return (TEST_PREFIX if is_test else LIVE_PREFIX) + letters


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _select() -> sa.Select[Any]:
    return sa.select(api_keys, businesses.c.slug).join(businesses, businesses.c.id == api_keys.c.business_id)


def _one(connection: Connection, which: sa.ColumnElement[bool]) -> ApiKey:
    return _read(connection.execute(_select().where(which)).one())


def _read(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        business_id=row.business_id,
        business=row.slug,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(row.scopes),
        is_test=row.is_test,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
