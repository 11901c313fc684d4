"""Notifications over the API: where each stands and why, and taking back what was triggered together."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection, Row

from notifications.notification_story import explain_notification
from notifications.plans.plan import State
from notifications.tables import messages, notifications
from notifications.triggering import TriggerDesk
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayNotify, MayReadMessages
from server.api.fields import Asked, Key, example
from server.api.messages import Entry
from server.api.once import Answer, IdempotencyKey, Once
from server.api.pages import DEFAULT_LIMIT, Cursor, Limit, page
from server.api.people import known_person
from server.api.problems import not_found
from server.api.refusals import refusals
from server.parts import Parts

_SHOWN = (
    "id",
    "workflow",
    "state",
    "subscriber_id",
    "trigger_id",
    "source",
    "category",
    "lane",
    "cancellation_key",
    "is_test",
    "error",
    "created_at",
    "expires_at",
    "finished_at",
)


class Notification(BaseModel):
    """One trigger of one workflow for one person."""

    id: UUID
    workflow: str
    state: State
    subscriber_id: UUID
    trigger_id: UUID
    source: str
    category: str
    lane: str
    cancellation_key: str | None
    is_test: bool
    error: str | None
    created_at: datetime
    expires_at: datetime | None
    finished_at: datetime | None
    message_ids: list[UUID]


class Notifications(BaseModel):
    """A page of notifications, the newest first."""

    data: list[Notification]
    next: str | None


class NotificationStory(BaseModel):
    """What was decided about a notification and its messages, and what was reported, oldest first."""

    id: UUID
    state: State
    story: list[Entry]


class Cancel(Asked):
    """What to take back."""

    model_config = example({"cancellation_key": "COUR-20250127-068"})

    cancellation_key: Key
    subscriber: Annotated[Key | None, Field(description="For one person alone: your id of them, or ours")] = None


class TakenBack(BaseModel):
    """What was taken back, and what it came too late for."""

    notifications: int
    messages: int
    """That had not left."""
    too_late: int
    """That are being handed over, or have left."""


def notification_routes(parts: Parts, desk: TriggerDesk, once: Once) -> APIRouter:
    """GET /v1/notifications, one of them, its story; POST /v1/notify/cancel."""
    router = APIRouter(prefix="/v1", route_class=StrictRoute)

    @router.get("/notifications", response_model=Notifications, responses=refusals(), tags=["notifications"])
    async def look(
        caller: MayReadMessages,
        state: State | None = None,
        subscriber_id: UUID | None = None,
        trigger_id: UUID | None = None,
        workflow: Annotated[str | None, Query(max_length=64, pattern="^[a-z0-9_-]+$")] = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Any:
        """Notifications, the newest first."""
        n = notifications.c
        wanted = {
            n.state: state,
            n.subscriber_id: subscriber_id,
            n.trigger_id: trigger_id,
            n.workflow: workflow,
        }
        chosen = [column == str(value) for column, value in wanted.items() if value is not None]
        statement = sa.select(notifications).where(*_seen_by(caller), *chosen)
        return await parts.database.read(_listed, statement, cursor, limit)

    @router.get(
        "/notifications/{notification_id}", response_model=Notification, responses=refusals(404), tags=["notifications"]
    )
    async def one(caller: MayReadMessages, notification_id: UUID) -> Any:
        """One notification, and the messages that it has made so far."""
        return await parts.database.read(shown_notification, caller, str(notification_id))

    @router.get(
        "/notifications/{notification_id}/explain",
        response_model=NotificationStory,
        responses=refusals(404),
        tags=["notifications"],
    )
    async def why(caller: MayReadMessages, notification_id: UUID) -> Any:
        """Why it went as it did: every decision about it and its messages, in order, in words."""
        return await parts.database.read(_story, caller, str(notification_id))

    @router.post("/notify/cancel", response_model=TakenBack, responses=refusals(404, 409), tags=["notify"])
    async def cancel(caller: MayNotify, wanted: Cancel, request: Request, _key: IdempotencyKey = None) -> Response:
        """Take back everything that was triggered with this key and has not left. Again changes nothing.

        A test key takes back what test keys triggered, any other what is meant.
        """
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            person = None if wanted.subscriber is None else known_person(connection, business_id, wanted.subscriber)
            kind = None if caller.key_id is None else caller.is_test
            done = desk.cancel_within(connection, business_id, wanted.cancellation_key, person, kind)
            counts = {"notifications": done.notifications, "messages": done.messages, "too_late": done.too_late}
            return Answer(status_code=200, body=counts)

        return await once.answer(request, business_id, work)

    return router


def _seen_by(caller: Caller) -> list[sa.ColumnElement[bool]]:
    """As with messages: their business's, made with keys of the same kind."""
    if caller.business_id is None:
        return []
    ours = [notifications.c.business_id == caller.business_id]
    return ours if caller.key_id is None else [*ours, notifications.c.is_test == caller.is_test]


def _listed(connection: Connection, statement: sa.Select[Any], cursor: str | None, limit: int) -> dict[str, Any]:
    found = page(connection, statement, notifications.c.id, cursor, limit, _view)
    made = _messages_of(connection, [each["id"] for each in found["data"]])
    return {**found, "data": [{**each, "message_ids": made.get(each["id"], [])} for each in found["data"]]}


def shown_notification(connection: Connection, caller: Caller, notification_id: str) -> dict[str, Any]:
    """One that this caller sees. Raises Problem."""
    known = sa.select(notifications).where(notifications.c.id == notification_id, *_seen_by(caller))
    row = connection.execute(known).one_or_none()
    if row is None:
        raise not_found("notification")
    return {**_view(row), "message_ids": _messages_of(connection, [notification_id]).get(notification_id, [])}


def _story(connection: Connection, caller: Caller, notification_id: str) -> dict[str, Any]:
    shown_notification(connection, caller, notification_id)
    return explain_notification(connection, notification_id) or {}


def _messages_of(connection: Connection, ids: list[str]) -> dict[str, list[str]]:
    m = messages.c
    made: dict[str, list[str]] = {}
    for row in connection.execute(sa.select(m.id, m.notification_id).where(m.notification_id.in_(ids)).order_by(m.id)):
        made.setdefault(str(row.notification_id), []).append(row.id)
    return made


def _view(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHOWN}
