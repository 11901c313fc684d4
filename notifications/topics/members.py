"""Topics and who belongs to them. Plain functions inside somebody's transaction.

TopicError
├── NoSuchTopic   the business has no topic of that key
└── TopicInUse    it cannot be deleted, since broadcasts name it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.people import business_of
from notifications.ports import Merging
from notifications.tables import broadcasts, topic_members, topics
from notifications.triggering.errors import BadRecipient
from notifications.triggering.meeting import known, meet
from notifications.triggering.trigger import Recipient
from storage.clock import database_now
from storage.insert import insert_new, insert_new_rows
from storage.tables import subscribers
from storage.types import new_id

MOST_AT_ONCE: Final = 500
"""Recipients of one call, as of triggers. Our choice."""


class TopicError(Exception):
    """Whoever asks has to ask for something else; the words say what."""


class NoSuchTopic(TopicError):
    """Names no topic of this business."""


class TopicInUse(TopicError):
    """Broadcasts name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A set of people of one business."""

    id: str
    key: str
    name: str | None
    created_at: datetime
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who belongs to a topic."""

    subscriber_id: str
    external_id: str | None
    joined_at: datetime


def put_topic(connection: Connection, business_id: str, key: str, name: str | None = None) -> Topic:
    """The topic of that key, made where there is none; a name takes the place of the one before."""
    now: datetime = connection.scalar(sa.select(database_now()))
    row = {"id": new_id(), "business_id": business_id, "key": key, "name": name, "created_at": now}
    if insert_new(connection, topics, row, topics.c.id) is None and name is not None:
        is_it = (topics.c.business_id == business_id, topics.c.key == key)
        connection.execute(sa.update(topics).where(*is_it).values(name=name))
    return topic(connection, business_id, key)


def topic(connection: Connection, business_id: str, key: str) -> Topic:
    """Raises NoSuchTopic."""
    row = connection.execute(_TOPICS.where(topics.c.business_id == business_id, topics.c.key == key)).one_or_none()
    if row is None:
        raise NoSuchTopic("There is no topic of this key; make it with PUT, or mind its spelling.")
    return Topic(**row._asdict())


def topics_of(connection: Connection, business_id: str, *, after_key: str = "", limit: int = 100) -> list[Topic]:
    """By their keys, those after one of them."""
    some = _TOPICS.where(topics.c.business_id == business_id, topics.c.key > after_key)
    return [Topic(**row._asdict()) for row in connection.execute(some.order_by(topics.c.key).limit(limit))]


def delete_topic(connection: Connection, business_id: str, key: str) -> None:
    """Forget the topic and who belongs to it. Raises NoSuchTopic or TopicInUse."""
    found = topic(connection, business_id, key)
    if connection.scalar(sa.select(sa.exists().where(broadcasts.c.topic_id == found.id))):
        raise TopicInUse("Broadcasts were sent to this topic, so that it stays; take its members out instead.")
    connection.execute(sa.delete(topic_members).where(topic_members.c.topic_id == found.id))
    connection.execute(sa.delete(topics).where(topics.c.id == found.id))


def add_members(
    connection: Connection, business_id: str, key: str, recipients: Sequence[Recipient], merge: Merging
) -> list[str | BadRecipient]:
    """Let people belong to a topic; who is not known yet is made. Each one's subscriber id, or what is wrong.

    Raises NoSuchTopic.
    """
    found = topic(connection, business_id, key)
    now: datetime = connection.scalar(sa.select(database_now()))
    met = meet(connection, business_of(connection, business_id), recipients, merge, now)
    rows = [
        {"topic_id": found.id, "subscriber_id": person, "business_id": business_id, "joined_at": now}
        for person in sorted({each for each in met if isinstance(each, str)})
    ]
    if rows:
        insert_new_rows(connection, topic_members, rows, topic_members.c.subscriber_id)
    return met


def remove_members(connection: Connection, business_id: str, key: str, recipients: Sequence[Recipient]) -> int:
    """Let people no longer belong to it; how many did. Raises NoSuchTopic."""
    found = topic(connection, business_id, key)
    people = known(connection, business_of(connection, business_id), recipients)
    t = topic_members.c
    gone = sa.delete(topic_members).where(t.topic_id == found.id, t.subscriber_id.in_(sorted(people)))
    return connection.execute(gone).rowcount


def members(
    connection: Connection, business_id: str, key: str, *, after_id: str | None = None, limit: int = 100
) -> list[Member]:
    """Who belongs to it, by their ids, those after one of them. Raises NoSuchTopic."""
    found = topic(connection, business_id, key)
    t = topic_members.c
    some: sa.Select[Any] = (
        sa.select(t.subscriber_id, subscribers.c.external_id, t.joined_at)
        .join(subscribers, subscribers.c.id == t.subscriber_id)
        .where(t.topic_id == found.id)
        .order_by(t.subscriber_id)
        .limit(limit)
    )
    if after_id is not None:
        some = some.where(t.subscriber_id > after_id)
    return [Member(**row._asdict()) for row in connection.execute(some)]


_COUNT = (
    sa.select(sa.func.count())
    .where(topic_members.c.topic_id == topics.c.id)
    .correlate(topics)
    .scalar_subquery()
    .label("members")
)
_TOPICS = sa.select(topics.c.id, topics.c.key, topics.c.name, topics.c.created_at, _COUNT)
