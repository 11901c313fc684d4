"""Broadcasts: a workflow set off for everybody who belongs to a topic, a batch at a time, in the bulk lane."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import versions
from notifications.plans.cancelling import Cancelled, cancel
from notifications.plans.people import business_of
from notifications.tables import broadcasts, notifications, topic_members, topics, workflow_versions
from notifications.topics.members import topic
from notifications.triggering.checking import check
from notifications.triggering.setting_off import Workflows
from notifications.triggering.trigger import Recipient, Trigger
from storage.clock import database_now
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcasting:
    """A wish to tell everybody of a topic something; the fields are those of a `Trigger`."""

    business_id: str
    topic: str
    workflow: str
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)
    category: str | None = None
    routing: Mapping[str, Any] | None = None
    cancellation_key: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    is_test: bool = False
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """How far a broadcast is."""

    id: str
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


def begin(connection: Connection, wish: Broadcasting, workflows: Workflows) -> str:
    """Keep the wish and the workflow's version; the broadcast's id. Wake the topic "broadcasts" after the commit.

    Raises TriggerError or NoSuchTopic.
    """
    now: datetime = connection.scalar(sa.select(database_now()))
    business = business_of(connection, wish.business_id)
    found = topic(connection, wish.business_id, wish.topic)
    row = {
        "id": new_id(),
        "business_id": wish.business_id,
        "topic_id": found.id,
        "trigger": _document(wish),
        "state": "running",
        "next_at": now,
        "is_test": wish.is_test,
        "created_at": now,
    }
    checked = check(trigger_for(row, Recipient()), workflows(business.slug), now)
    row["version_id"] = versions.pin(connection, wish.business_id, checked.workflow, now)
    connection.execute(sa.insert(broadcasts).values(row))
    return str(row["id"])


def broadcast(connection: Connection, business_id: str, broadcast_id: str) -> Broadcast | None:
    """How far it is; None where the business has none of that id."""
    b = broadcasts.c
    count = sa.select(sa.func.count()).where(topic_members.c.topic_id == b.topic_id).scalar_subquery()
    row = connection.execute(
        sa.select(
            b.id,
            topics.c.key.label("topic"),
            workflow_versions.c.key.label("workflow"),
            b.state,
            b.reached,
            count.label("members"),
            b.is_test,
            b.created_at,
            b.finished_at,
        )
        .join(topics, topics.c.id == b.topic_id)
        .join(workflow_versions, workflow_versions.c.id == b.version_id)
        .where(b.business_id == business_id, b.id == broadcast_id)
    ).one_or_none()
    return None if row is None else Broadcast(**row._asdict())


def cancel_broadcast(connection: Connection, business_id: str, broadcast_id: str) -> Cancelled | None:
    """End it, and take back what has not left; None where the business has none of that id."""
    now: datetime = connection.scalar(sa.select(database_now()))
    b = broadcasts.c
    is_it = (b.business_id == business_id, b.id == broadcast_id)
    # Whoever is fanning it out holds the row: what it sets off is there when it lets go.
    if connection.scalar(sa.select(b.id).where(*is_it).with_for_update()) is None:
        return None
    ended = {"state": "cancelled", "next_at": None, "finished_at": now}
    connection.execute(sa.update(broadcasts).where(*is_it, b.state == "running").values(ended))
    return cancel(connection, [notifications.c.trigger_id == broadcast_id], "The broadcast was cancelled.", now)


def trigger_for(row: Mapping[str, Any], to: Recipient) -> Trigger:
    """What a broadcast's row sets off for one member. All of them are one request, named by the broadcast's id."""
    given = dict(row["trigger"])
    expires_at = given.pop("expires_at")
    return Trigger(
        business_id=row["business_id"],
        to=to,
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
        lane="bulk",
        is_test=row["is_test"],
        source="broadcast",
        broadcast_id=row["id"],
        trigger_id=row["id"],
        **given,
    )


def _document(wish: Broadcasting) -> dict[str, Any]:
    return {
        "workflow": wish.workflow,
        "payload": dict(wish.payload),
        "category": wish.category,
        "routing": wish.routing,
        "cancellation_key": wish.cancellation_key,
        "expires_at": None if wish.expires_at is None else wish.expires_at.isoformat(),
        "api_key_id": wish.api_key_id,
    }
