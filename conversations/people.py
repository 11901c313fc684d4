"""Finds, or gets to know, the person and the conversation behind an inbound message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import Sender
from storage.insert import insert_new
from storage.tables import addresses, businesses, conversations, subscribers
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The ids of one conversation."""

    id: str
    business_id: str
    subscriber_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is behind an opaque sender id, for the actions. Never logged."""

    phone: str | None
    name: str | None
    business: dict[str, Any]


def meet(
    connection: Connection, *, business_id: str, phone_number_id: str, sender: Sender, now: datetime
) -> Conversation:
    """The conversation of this sender on this number; made on first contact."""
    subscriber_id = _known_subscriber(connection, business_id, sender)
    if subscriber_id is None:
        subscriber_id = _new_subscriber(connection, business_id, sender, now)
    elif sender.name:
        connection.execute(
            sa.update(subscribers)
            .where(subscribers.c.id == subscriber_id, subscribers.c.name.is_distinct_from(sender.name))
            .values(name=sender.name)
        )
    _learn_addresses(connection, business_id, subscriber_id, sender)
    return _conversation(connection, business_id, phone_number_id, subscriber_id)


def person(connection: Connection, sender_id: str) -> Person | None:
    """Who the bot's sender id stands for, or None."""
    row = connection.execute(
        sa.select(
            subscribers.c.name.label("person_name"),
            conversations.c.subscriber_id,
            *(
                businesses.c[column]
                for column in (
                    "slug",
                    "name",
                    "currency",
                    "timezone",
                    "default_language",
                    "support_number",
                    "country",
                    "hours",
                )
            ),
        )
        .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .join(businesses, businesses.c.id == conversations.c.business_id)
        .where(conversations.c.id == sender_id)
    ).one_or_none()
    if row is None:
        return None
    known = row._asdict()
    name = known.pop("person_name")
    subscriber_id = known.pop("subscriber_id")
    return Person(phone=_phone(connection, subscriber_id), name=name, business=known)


def _names(sender: Sender) -> list[tuple[str, str]]:
    """Every (kind, value) under which this sender can be found, the most lasting first."""
    names = []
    if sender.wa_id:
        names.append(("whatsapp", sender.wa_id))
    if sender.user_id:
        names.append(("bsuid", sender.user_id))
    return names


def _known_subscriber(connection: Connection, business_id: str, sender: Sender) -> str | None:
    for kind, value in _names(sender):
        found: str | None = connection.scalar(
            sa.select(addresses.c.subscriber_id).where(
                addresses.c.business_id == business_id, addresses.c.kind == kind, addresses.c.value == value
            )
        )
        if found:
            return found
    return None


def _new_subscriber(connection: Connection, business_id: str, sender: Sender, now: datetime) -> str:
    subscriber_id = new_id()
    connection.execute(
        sa.insert(subscribers).values(
            id=subscriber_id, business_id=business_id, role="client", name=sender.name, created_at=now
        )
    )
    kind, value = _names(sender)[0]
    first = insert_new(connection, addresses, _address(business_id, subscriber_id, kind, value), addresses.c.id)
    if first is not None:
        return subscriber_id
    # Somebody else met the same person a moment ago: theirs counts.
    connection.execute(sa.delete(subscribers).where(subscribers.c.id == subscriber_id))
    known = _known_subscriber(connection, business_id, sender)
    assert known is not None, "an address that conflicts can be read"  # noqa: S101
    return known


def _learn_addresses(connection: Connection, business_id: str, subscriber_id: str, sender: Sender) -> None:
    names = _names(sender)
    if sender.wa_id:
        names.append(("phone", f"+{sender.wa_id}"))
    rows = connection.execute(
        sa.select(addresses.c.kind, addresses.c.value).where(addresses.c.subscriber_id == subscriber_id)
    )
    known = {(row.kind, row.value) for row in rows}
    for kind, value in names:
        if (kind, value) not in known:
            insert_new(connection, addresses, _address(business_id, subscriber_id, kind, value), addresses.c.id)


def _address(business_id: str, subscriber_id: str, kind: str, value: str) -> dict[str, str]:
    return {
        "id": new_id(),
        "business_id": business_id,
        "subscriber_id": subscriber_id,
        "kind": kind,
        "value": value,
    }


def _conversation(connection: Connection, business_id: str, phone_number_id: str, subscriber_id: str) -> Conversation:
    key = (
        conversations.c.phone_number_id == phone_number_id,
        conversations.c.subscriber_id == subscriber_id,
    )
    found = connection.scalar(sa.select(conversations.c.id).where(*key))
    if found is None:
        row = {
            "id": new_id(),
            "business_id": business_id,
            "phone_number_id": phone_number_id,
            "subscriber_id": subscriber_id,
        }
        found = insert_new(connection, conversations, row, conversations.c.id) or connection.scalar(
            sa.select(conversations.c.id).where(*key)
        )
    return Conversation(id=str(found), business_id=business_id, subscriber_id=subscriber_id)


def _phone(connection: Connection, subscriber_id: str) -> str | None:
    phone: str | None = connection.scalar(
        sa.select(addresses.c.value)
        .where(addresses.c.subscriber_id == subscriber_id, addresses.c.kind == "phone")
        .order_by(addresses.c.id.desc())
        .limit(1)
    )
    return phone
