"""Messages over the API: what became of each, why, and taking one back."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.engine import Connection, Row

from notifications.explain import explain
from notifications.outbox import text_of
from notifications.plans.cancelling import cancel_message
from notifications.prices.pricing import amount_of
from notifications.status import Status
from notifications.tables import messages
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayReadMessages, MayWriteMessages
from server.api.once import Answer, IdempotencyKey, Once
from server.api.pages import DEFAULT_LIMIT, Cursor, Limit, page
from server.api.problems import Problem, not_found
from server.api.refusals import refusals
from server.parts import Parts, utc_now

TOPICS = ("messages", "plans")


class Cost(BaseModel):
    """What a message costs; amounts are exact, in whole units of the currency, and null where nobody knows."""

    currency: str | None
    estimated: Decimal | None
    """By the price book, when it left."""
    actual: Decimal | None
    """With what a receipt told: null until one did."""
    category: str
    """What it is billed as: service, utility, marketing, authentication, sms."""
    type: str | None
    """Meta's word for why it costs or not, such as regular and free_customer_service."""
    price_book: str | None
    """The version of the price book."""


class Message(BaseModel):
    """One thing on one channel to one recipient."""

    id: UUID
    status: Status
    channel: str
    provider: str | None
    origin: str
    category: str
    lane: str
    subscriber_id: UUID | None
    notification_id: UUID | None
    text: str | None
    """As the person reads it."""
    is_test: bool
    error: str | None
    error_code: int | None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    seen_at: datetime | None
    read_at: datetime | None
    clicked_at: datetime | None
    replied_at: datetime | None
    cost: Cost | None
    """Null before it left, and on a channel without a fee."""


class Messages(BaseModel):
    """A page of messages, the newest first."""

    data: list[Message]
    next: str | None


class Entry(BaseModel):
    """One thing that happened to a message, or was decided about it."""

    at: datetime
    what: str
    why: str


class Story(BaseModel):
    """What was decided and reported about a message, oldest first."""

    id: UUID
    status: Status
    error_code: int | None
    error: str | None
    story: list[Entry]


class Cancelled(BaseModel):
    """It was taken back."""

    id: UUID
    status: Status = Status.CANCELLED


def message_routes(parts: Parts, once: Once) -> APIRouter:
    """GET /v1/messages, one of them, its story; POST /v1/messages/{id}/cancel."""
    router = APIRouter(prefix="/v1/messages", tags=["messages"], route_class=StrictRoute)

    @router.get("", response_model=Messages, responses=refusals())
    async def look(
        caller: MayReadMessages,
        status: Status | None = None,
        subscriber_id: UUID | None = None,
        notification_id: UUID | None = None,
        channel: Annotated[str | None, Query(max_length=16, pattern="^[a-z]+$")] = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Any:
        """Messages, the newest first."""
        m = messages.c
        wanted = {
            m.status: status,
            m.subscriber_id: subscriber_id,
            m.notification_id: notification_id,
            m.channel: channel,
        }
        chosen = [column == str(value) for column, value in wanted.items() if value is not None]
        statement = sa.select(messages).where(*seen_by(caller), *chosen)
        return await parts.database.read(page, statement, m.id, cursor, limit, _view)

    @router.get("/{message_id}", response_model=Message, responses=refusals(404))
    async def one(caller: MayReadMessages, message_id: UUID) -> Any:
        """One message and where it stands."""
        row = await parts.database.read(message_of, caller, str(message_id))
        if row is None:
            raise not_found("message")
        return _view(row)

    @router.get("/{message_id}/explain", response_model=Story, responses=refusals(404))
    async def why(caller: MayReadMessages, message_id: UUID) -> Any:
        """What was decided about a message, in order, in words."""
        story = await parts.database.read(_story, caller, str(message_id))
        if story is None:
            raise not_found("message")
        return story

    @router.post("/{message_id}/cancel", response_model=Cancelled, responses=refusals(404, 409))
    async def cancel(
        caller: MayWriteMessages, message_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Take a message back that has not left. 409 when it is on its way already."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            return _cancelled(connection, business_id, caller, str(message_id))

        return await once.answer(request, business_id, work)

    return router


def seen_by(caller: Caller) -> list[sa.ColumnElement[bool]]:
    """The messages that this caller sees: their business's, made with keys of the same kind."""
    if caller.business_id is None:
        return []
    ours = [messages.c.business_id == caller.business_id]
    return ours if caller.key_id is None else [*ours, messages.c.is_test == caller.is_test]


def message_of(connection: Connection, caller: Caller, message_id: str) -> Row[Any] | None:
    """The message, if this caller sees it."""
    return connection.execute(sa.select(messages).where(messages.c.id == message_id, *seen_by(caller))).one_or_none()


def _story(connection: Connection, caller: Caller, message_id: str) -> dict[str, Any] | None:
    return explain(connection, message_id) if message_of(connection, caller, message_id) else None


def _cancelled(connection: Connection, business_id: str, caller: Caller, message_id: str) -> Answer:
    if message_of(connection, caller, message_id) is None:
        raise not_found("message")
    status = cancel_message(connection, business_id, message_id, utc_now())
    if status is not Status.CANCELLED:
        raise Problem("too-late", f"The message is {status} already.", message_status=status)
    return Answer(status_code=200, body={"id": message_id, "status": status}, wakes=TOPICS)


def _view(row: Row[Any]) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in Message.model_fields if name not in MADE}
    text = row.said or text_of(row.payload) or None
    return {**shown, "text": text, "due_at": row.run_at, "cost": _cost(row)}


MADE: Final = frozenset({"text", "due_at", "cost"})
"""What a view of a message has that no column of the table is called."""


def _cost(row: Row[Any]) -> dict[str, Any] | None:
    if row.price_category is None:
        return None
    return {
        "currency": row.cost_currency,
        "estimated": amount_of(row.estimated_cost),
        "actual": amount_of(row.actual_cost),
        "category": row.price_category,
        "type": row.price_type,
        "price_book": row.price_book,
    }
