"""Finds, or gets to know, the person and the conversation behind an inbound message."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.numbers import spellings
from channels.whatsapp.webhook import Sender
from conversations.directory import Known, look_up
from conversations.merge import merge
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
    """The conversation of this sender on this number; made on first contact.

    A sender comes with several names (number, user id). Where they lead to two subscribers, those become one.
    """
    known = look_up(connection, business_id, names_of(sender), phone_number_id)
    if not known:
        found = _new_subscriber(connection, business_id, sender, now)
    elif len(known) == 1:
        found = known[0]
    else:
        stays = reduce(partial(merge, connection), (each.subscriber_id for each in known))
        (found,) = (
            each
            for each in look_up(connection, business_id, names_of(sender), phone_number_id)
            if each.subscriber_id == stays
        )
    _learn(connection, business_id, found, sender)
    return Conversation(
        id=found.conversation_id or _conversation(connection, business_id, phone_number_id, found.subscriber_id),
        business_id=business_id,
        subscriber_id=found.subscriber_id,
    )


def rename(connection: Connection, conversation: Conversation, *, before: Sender, after: Sender) -> Conversation:
    """WhatsApp says that a person goes by other ids from now on; `before` may soon be somebody else's.

    Returns their conversation, which is another one where the new ids led to somebody we knew.
    """
    subscriber_id = _rename(connection, conversation.business_id, conversation.subscriber_id, before, after)
    goes_on = goes_on_as(connection, conversation.id)
    return Conversation(id=goes_on, business_id=conversation.business_id, subscriber_id=subscriber_id)


def rename_known(connection: Connection, business_id: str, *, before: Sender, after: Sender) -> None:
    """The same without a message: for somebody found by their old ids, if we know them."""
    known = look_up(connection, business_id, names_of(before))
    if known:
        subscriber_id = reduce(partial(merge, connection), (each.subscriber_id for each in known))
        _rename(connection, business_id, subscriber_id, before, after)


def _rename(connection: Connection, business_id: str, subscriber_id: str, before: Sender, after: Sender) -> str:
    gone = set(names_of(before)) - set(names_of(after))
    gone |= {("phone", f"+{value}") for kind, value in gone if kind == "whatsapp"}
    if gone:
        a = addresses.c
        connection.execute(
            sa.delete(addresses).where(a.subscriber_id == subscriber_id, sa.tuple_(a.kind, a.value).in_(list(gone)))
        )
    known = {each.subscriber_id for each in look_up(connection, business_id, names_of(after))}
    subscriber_id = reduce(partial(merge, connection), {subscriber_id, *known})
    for kind, value in _addresses(after):
        insert_new(connection, addresses, _address(business_id, subscriber_id, kind, value), addresses.c.id)
    return subscriber_id


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
        .where(conversations.c.id == goes_on_as(connection, sender_id))
    ).one_or_none()
    if row is None:
        return None
    known = row._asdict()
    name = known.pop("person_name")
    subscriber_id = known.pop("subscriber_id")
    return Person(phone=_phone(connection, subscriber_id), name=name, business=known)


def talk_of(connection: Connection, sender_id: str) -> Conversation | None:
    """The conversation that a sender id stands for now, or None."""
    c = conversations.c
    row = connection.execute(
        sa.select(c.id, c.business_id, c.subscriber_id).where(c.id == goes_on_as(connection, sender_id))
    ).one_or_none()
    return None if row is None else Conversation(**row._asdict())


def goes_on_as(connection: Connection, conversation_id: str) -> str:
    """An action may still ask for a conversation that was joined to another meanwhile."""
    found = connection.scalar(sa.select(conversations.c.merged_into).where(conversations.c.id == conversation_id))
    return str(found or conversation_id)


def names_of(sender: Sender) -> list[tuple[str, str]]:
    """Every (kind, value) under which this sender can be found, the most lasting first."""
    names = [("whatsapp", spelling) for spelling in (spellings(sender.wa_id) if sender.wa_id else ())]
    if sender.user_id:
        names.append(("bsuid", sender.user_id))
    if sender.parent_user_id:
        names.append(("parent_bsuid", sender.parent_user_id))
    return names


def _addresses(sender: Sender) -> list[tuple[str, str]]:
    """Every (kind, value) by which this sender is reached: as WhatsApp spells it, the other spellings only find."""
    known = [(kind, value) for kind, value in names_of(sender) if kind != "whatsapp"]
    if sender.wa_id:
        known += [("whatsapp", sender.wa_id), ("phone", f"+{sender.wa_id}")]
    return known


def has_news_of(known: Known, sender: Sender) -> bool:
    """Whether a message of this sender tells something of the person that we did not know."""
    if sender.name and sender.name != known.name:
        return True
    return not known.addresses.issuperset(_addresses(sender))


def _learn(connection: Connection, business_id: str, known: Known, sender: Sender) -> None:
    """Take over what this message tells of somebody that we did not know."""
    if sender.name and sender.name != known.name:
        connection.execute(
            sa.update(subscribers).where(subscribers.c.id == known.subscriber_id).values(name=sender.name)
        )
    for kind, value in _addresses(sender):
        if (kind, value) not in known.addresses:
            row = _address(business_id, known.subscriber_id, kind, value)
            insert_new(connection, addresses, row, addresses.c.id)


def _new_subscriber(connection: Connection, business_id: str, sender: Sender, now: datetime) -> Known:
    subscriber_id = new_id()
    connection.execute(
        sa.insert(subscribers).values(
            id=subscriber_id, business_id=business_id, role="client", name=sender.name, created_at=now
        )
    )
    first = names_of(sender)[0]
    if insert_new(connection, addresses, _address(business_id, subscriber_id, *first), addresses.c.id) is not None:
        return Known(subscriber_id=subscriber_id, name=sender.name, addresses=frozenset({first}), conversation_id=None)
    # Somebody else met the same person a moment ago: theirs counts.
    connection.execute(sa.delete(subscribers).where(subscribers.c.id == subscriber_id))
    return look_up(connection, business_id, names_of(sender))[0]


def _address(business_id: str, subscriber_id: str, kind: str, value: str) -> dict[str, str]:
    return {
        "id": new_id(),
        "business_id": business_id,
        "subscriber_id": subscriber_id,
        "kind": kind,
        "value": value,
    }


def _conversation(connection: Connection, business_id: str, phone_number_id: str, subscriber_id: str) -> str:
    """Their talk on this number, made if there is none."""
    row = {
        "id": new_id(),
        "business_id": business_id,
        "phone_number_id": phone_number_id,
        "subscriber_id": subscriber_id,
    }
    made = insert_new(connection, conversations, row, conversations.c.id)
    c = conversations.c
    return made or str(
        connection.scalar(sa.select(c.id).where(c.phone_number_id == phone_number_id, c.subscriber_id == subscriber_id))
    )


def _phone(connection: Connection, subscriber_id: str) -> str | None:
    phone: str | None = connection.scalar(
        sa.select(addresses.c.value)
        .where(addresses.c.subscriber_id == subscriber_id, addresses.c.kind == "phone")
        .order_by(addresses.c.id.desc())
        .limit(1)
    )
    return phone
