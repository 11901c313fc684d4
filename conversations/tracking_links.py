"""Links by which a person shows a delivery of theirs to others, for a while."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.people import Person, goes_on_as, person
from conversations.tables import tracking_links
from storage.tables import conversations

LIFE: Final = timedelta(days=7)
"""How long a link is good for: longer than any delivery takes; our choice."""

RENEWED_UNDER: Final = LIFE / 2
"""Asked again, a link that still lives this long is given again; otherwise there is a new one."""

TOKEN_BYTES: Final = 16
"""Random bytes of a token: nobody guesses 128 bits."""


class UnknownSender(Exception):
    """Nobody goes by this sender id."""


@dataclass(frozen=True, slots=True)
class TrackingLink:
    """A link's secret part, and when it ends."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SharedDelivery:
    """Which delivery a link shows, and whose it is."""

    code: str
    expires_at: datetime
    owner: Person = field(repr=False)


def share(connection: Connection, sender_id: str, code: str, now: datetime) -> TrackingLink:
    """A link to this person's delivery. Raises UnknownSender."""
    conversation_id = goes_on_as(connection, sender_id)
    business_id = connection.scalar(_BUSINESS, {"conversation_id": conversation_id})
    if business_id is None:
        raise UnknownSender
    wanted = {"conversation_id": conversation_id, "code": code, "until": now + RENEWED_UNDER}
    living = connection.execute(_LIVING, wanted).first()
    if living is not None:
        return TrackingLink(living.token, living.expires_at)
    link = TrackingLink(secrets.token_urlsafe(TOKEN_BYTES), now + LIFE)
    connection.execute(
        sa.insert(tracking_links).values(
            token=link.token,
            business_id=business_id,
            conversation_id=conversation_id,
            code=code,
            created_at=now,
            expires_at=link.expires_at,
        )
    )
    return link


def find(connection: Connection, token: str, now: datetime) -> SharedDelivery | None:
    """What a link shows; None when it never was or has ended."""
    row = connection.execute(_FOUND, {"token": token, "now": now}).first()
    owner = person(connection, row.conversation_id) if row else None
    return SharedDelivery(row.code, row.expires_at, owner) if row and owner else None


def prune(connection: Connection, now: datetime) -> None:
    """Forget links that have ended."""
    connection.execute(sa.delete(tracking_links).where(tracking_links.c.expires_at < now))


_l = tracking_links.c

_BUSINESS = sa.select(conversations.c.business_id).where(conversations.c.id == sa.bindparam("conversation_id"))

_LIVING = (
    sa.select(_l.token, _l.expires_at)
    .where(
        _l.conversation_id == sa.bindparam("conversation_id"),
        _l.code == sa.bindparam("code"),
        _l.expires_at > sa.bindparam("until", type_=_l.expires_at.type),
    )
    .order_by(_l.expires_at.desc())
    .limit(1)
)

_FOUND = sa.select(_l.conversation_id, _l.code, _l.expires_at).where(
    _l.token == sa.bindparam("token"), _l.expires_at > sa.bindparam("now", type_=_l.expires_at.type)
)
