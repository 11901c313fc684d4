"""What the bodies of the routes of topics and broadcasts hold."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.api.fields import Asked, Key, Moment, Name, Payload, example
from server.api.notify_shapes import Category, Routing
from server.api.recipients import Many


class NewTopic(Asked):
    """A topic to be."""

    model_config = example({"name": "Offers of the week"})

    name: Name | None = None


class TopicShown(BaseModel):
    """A set of people."""

    id: UUID
    key: str
    name: str | None
    created_at: datetime
    members: int


class TopicsShown(BaseModel):
    """Some topics; `next` is for `after`."""

    data: list[TopicShown]
    next: str | None


class Members(Asked):
    """People, by any of their names."""

    model_config = example({"members": ["customer-7", {"phone": "+242055551234"}]})

    members: Many


class MemberShown(BaseModel):
    """Somebody who belongs to a topic."""

    subscriber_id: UUID
    external_id: str | None
    joined_at: datetime


class MembersShown(BaseModel):
    """Some members; `next` is for `after`."""

    data: list[MemberShown]
    next: UUID | None


class MembersAdded(BaseModel):
    """Who they are, in the order in which they were named."""

    subscriber_ids: list[UUID]


class MembersRemoved(BaseModel):
    """How many belonged to it."""

    removed: int


class NewBroadcast(Asked):
    """One thing to be said to all."""

    model_config = example(
        {
            "topic": "weekly-offers",
            "workflow": "mission-accepted",
            "payload": {"code": "COUR-20250127-068", "courier": {"name": "Jean Malonga"}},
        }
    )

    topic: Key
    workflow: Key
    payload: Payload = Field(default_factory=dict)
    category: Category | None = None
    routing: Routing | None = None
    cancellation_key: Annotated[Key | None, Field(description="Takes back together what has the same")] = None
    expires_at: Moment | None = None


class BroadcastBegun(BaseModel):
    """It is under way."""

    id: UUID


class BroadcastShown(BaseModel):
    """How far it is."""

    id: UUID
    topic: str
    workflow: str
    state: str
    """running, done, cancelled"""
    reached: int
    """Members for whom it was set off."""
    members: int
    """Of the topic, now."""
    is_test: bool
    created_at: datetime
    finished_at: datetime | None
