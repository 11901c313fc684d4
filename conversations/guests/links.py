"""Links by which people try the bot: made, listed and ended at the desk.

BadLink             it cannot be made; `field` names what is wrong
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import GUEST, guest_number
from conversations.guest_tables import guest_links, guests
from conversations.guests.secret import digest, new_secret
from storage.insert import insert_new
from storage.tables import phone_numbers
from storage.types import new_id

LANGUAGES: Final = ("fr", "en")
MAX_LABEL: Final = 80
"""characters; our choice"""
MAX_DAYS: Final = 90
MAX_GUESTS: Final = 500
MOST_OPEN: Final = 100
"""Links of one business that may be open at once; our choice."""
MOST_LISTED: Final = 200

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""How long what guests said is kept once their link has ended: time to review it. Our choice."""


class BadLink(ValueError):
    """A link that cannot be made."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a link is to be."""

    label: str
    language: str
    days: int
    most_guests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLink:
    """A link as it is kept, without its secret."""

    id: str
    business_id: str
    label: str
    language: str
    most_guests: int
    guests: int
    made_by: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @property
    def closes_at(self) -> datetime:
        """From when on it opens nothing."""
        return self.expires_at if self.ended_at is None else min(self.ended_at, self.expires_at)

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.closes_at <= now

    @property
    def is_full(self) -> bool:
        """Whether nobody new may come by it."""
        return self.guests >= self.most_guests


def make(connection: Connection, business_id: str, wanted: Wanted, made_by: str, now: datetime) -> str:
    """The secret of a new link, which nobody can read again. Raises BadLink."""
    _check(connection, business_id, wanted, now)
    number = {
        "phone_number_id": guest_number(business_id),
        "business_id": business_id,
        "display_number": GUEST,
        "channel": GUEST,
    }
    insert_new(connection, phone_numbers, number, phone_numbers.c.phone_number_id)
    secret = new_secret()
    connection.execute(
        sa.insert(guest_links).values(
            id=new_id(),
            business_id=business_id,
            token_hash=digest(secret),
            label=wanted.label.strip(),
            language=wanted.language,
            most_guests=wanted.most_guests,
            made_by=made_by,
            created_at=now,
            expires_at=now + timedelta(days=wanted.days),
        )
    )
    return secret


def find(connection: Connection, secret: str) -> GuestLink | None:
    """The link with this secret, also one that is over; None for one that never was."""
    return _one(connection, guest_links.c.token_hash == digest(secret))


def of_id(connection: Connection, link_id: str) -> GuestLink | None:
    """The link with this id."""
    return _one(connection, guest_links.c.id == link_id)


def listed(connection: Connection, business_id: str) -> Sequence[GuestLink]:
    """The newest links of a business, those that are over too."""
    query = _SELECT.where(guest_links.c.business_id == business_id)
    return [_link(row) for row in connection.execute(query.order_by(guest_links.c.id.desc()).limit(MOST_LISTED))]


def end(connection: Connection, link_id: str, now: datetime) -> None:
    """End it now; its guests are forgotten the sooner. Again changes nothing."""
    g = guest_links.c
    ended = connection.execute(
        sa.update(guest_links).where(g.id == link_id, g.ended_at.is_(None), g.expires_at > now).values(ended_at=now)
    )
    if ended.rowcount:
        connection.execute(sa.update(guests).where(guests.c.link_id == link_id).values(forget_at=now + FORGOTTEN_AFTER))


def _check(connection: Connection, business_id: str, wanted: Wanted, now: datetime) -> None:
    g = guest_links.c
    if not 0 < len(wanted.label.strip()) <= MAX_LABEL:
        raise BadLink("label")
    if wanted.language not in LANGUAGES:
        raise BadLink("language")
    if not 1 <= wanted.days <= MAX_DAYS:
        raise BadLink("days")
    if not 1 <= wanted.most_guests <= MAX_GUESTS:
        raise BadLink("guests")
    is_open = (g.business_id == business_id, g.ended_at.is_(None), g.expires_at > now)
    if (connection.scalar(sa.select(sa.func.count()).where(*is_open)) or 0) >= MOST_OPEN:
        raise BadLink("many")


def _one(connection: Connection, condition: sa.ColumnElement[bool]) -> GuestLink | None:
    row = connection.execute(_SELECT.where(condition)).one_or_none()
    return None if row is None else _link(row)


def _link(row: Any) -> GuestLink:
    return GuestLink(**row._asdict())


_SELECT: Final = sa.select(*(guest_links.c[name] for name in GuestLink.__dataclass_fields__))
