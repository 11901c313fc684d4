"""Looks up, many at a time, whom plans are for: name, language, where they are reached, what they declined."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.plan import Business, Who
from notifications.quiet import read_quiet_hours
from notifications.tables import consents, webhook_endpoints
from notifications.workflows import BusinessFacts, Person
from storage.among import among
from storage.tables import addresses, businesses, conversations, phone_numbers, subscribers

KINDS_OF_CHANNEL: Final = {"whatsapp": ("whatsapp", "bsuid"), "sms": ("phone",), "email": ("email",)}
"""The kinds of addresses (`addresses.kind`) of which one lets us use a channel."""


def business_of(connection: Connection, business_id: str) -> Business:
    """A business that is known to exist."""
    row = connection.execute(_BUSINESS, {"business_id": business_id}).one()
    facts = BusinessFacts(
        name=row.name,
        currency=row.currency,
        timezone=row.timezone,
        support_number=row.support_number,
        default_locale=row.default_language,
    )
    return Business(
        id=row.id,
        slug=row.slug,
        country=row.country,
        facts=facts,
        phone_number_id=row.phone_number_id,
        quiet=read_quiet_hours(row.quiet_hours),
    )


def people(
    connection: Connection, business: Business, subscriber_ids: Iterable[str], *, uses_webhooks: bool = False
) -> dict[str, Who]:
    """Who they are, by id."""
    ids = {"ids": sorted(set(subscriber_ids))}
    declined = _declined(connection, ids)
    always = {"inapp"} | (_webhooks(connection, business.id) if uses_webhooks else set())
    possible = [channel for channel in KINDS_OF_CHANNEL if channel != "whatsapp" or business.phone_number_id]
    found: dict[str, Who] = {}
    for row in connection.execute(_PEOPLE, ids).all():
        person = Person(
            first_name=first_name(row.name),
            name=row.name,
            locale=row.locale or business.facts.default_locale,
            timezone=known_timezone(row.timezone) or business.facts.timezone,
        )
        has = {"whatsapp": row.whatsapp, "sms": row.sms, "email": row.email}
        found[row.id] = Who(
            subscriber_id=row.id,
            person=person,
            reachable=frozenset(always.union(channel for channel in possible if has[channel])),
            declined=declined.get(row.id, {}),
            conversation_id=row.conversation_id,
        )
    return found


def first_name(name: str | None) -> str | None:
    """What a greeting uses: the first word of a name that has letters in it."""
    words = (name or "").split()
    return next((word for word in words if any(sign.isalpha() for sign in word)), None)


@lru_cache(maxsize=1024)
def known_timezone(name: str | None) -> str | None:
    """The IANA name, where it is one."""
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError, LookupError):
        return None


def _declined(connection: Connection, ids: Mapping[str, Any]) -> dict[str, dict[tuple[str, str], str]]:
    """The newest decision for each category and channel counts."""
    found: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for row in connection.execute(_CONSENTS, ids).all():
        about = (row.category, row.channel)
        if row.granted:
            found[row.subscriber_id].pop(about, None)
        else:
            found[row.subscriber_id][about] = row.source
    return found


def _webhooks(connection: Connection, business_id: str) -> set[str]:
    w = webhook_endpoints.c
    query = sa.select(sa.exists().where(w.business_id == business_id, w.disabled_at.is_(None)))
    return {"webhook"} if connection.scalar(query) else set()


# Made once: these run for every notification.

_BUSINESS = sa.select(
    businesses,
    sa.select(sa.func.min(phone_numbers.c.phone_number_id))
    .where(phone_numbers.c.business_id == businesses.c.id, phone_numbers.c.channel == "whatsapp")
    .scalar_subquery()
    .label("phone_number_id"),
).where(businesses.c.id == sa.bindparam("business_id"))


def _has(channel: str) -> sa.ColumnElement[bool]:
    a = addresses.c
    kinds: list[Any] = [sa.literal_column(f"'{kind}'") for kind in KINDS_OF_CHANNEL[channel]]
    return sa.exists().where(a.subscriber_id == subscribers.c.id, a.kind.in_(kinds)).label(channel)


# The talk that they wrote in last, else the first there was.
_TALK = (
    sa.select(conversations.c.id)
    .where(conversations.c.subscriber_id == subscribers.c.id, conversations.c.merged_into.is_(None))
    .order_by(conversations.c.last_inbound_at.desc().nulls_last(), conversations.c.id)
    .limit(1)
    .scalar_subquery()
    .label("conversation_id")
)

_PEOPLE = sa.select(
    subscribers.c.id,
    subscribers.c.name,
    subscribers.c.locale,
    subscribers.c.timezone,
    *(_has(channel) for channel in KINDS_OF_CHANNEL),
    _TALK,
).where(among(subscribers.c.id, "ids"))

_CONSENTS = (
    sa.select(consents.c.subscriber_id, consents.c.category, consents.c.channel, consents.c.granted, consents.c.source)
    .where(among(consents.c.subscriber_id, "ids"))
    .order_by(consents.c.id)
)
