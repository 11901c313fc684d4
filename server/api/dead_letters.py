"""Dead letters over the API: what failed for good and waits for somebody, to be sent again or given up."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.engine import Connection

from notifications import dead_letters
from notifications.dead_letters import NotDead
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayReadMessages, MayWriteMessages
from server.api.messages import message_of
from server.api.once import Answer, IdempotencyKey, Once
from server.api.pages import DEFAULT_LIMIT, Limit
from server.api.problems import Problem, not_found
from server.api.refusals import refusals
from server.parts import Parts, utc_now


class DeadLetterShown(BaseModel):
    """A message that failed; GET /v1/messages/{id}/explain tells its story."""

    id: UUID
    channel: str
    lane: str
    category: str
    workflow: str | None
    provider: str | None
    error_code: int | None
    error: str | None
    failures: int
    failed_at: datetime


class DeadLettersShown(BaseModel):
    """Some of them, the newest first; `next` is for `before`."""

    data: list[DeadLetterShown]
    next: UUID | None


class Replayed(BaseModel):
    """The message that goes in its place."""

    message_id: UUID


class Dropped(BaseModel):
    """Nobody needs to look after it any more."""

    id: UUID


def dead_letter_routes(parts: Parts, once: Once) -> APIRouter:
    """/v1/dead-letters and below."""
    router = APIRouter(prefix="/v1/dead-letters", tags=["messages"], route_class=StrictRoute)

    @router.get("", response_model=DeadLettersShown, responses=refusals())
    async def look(caller: MayReadMessages, before: UUID | None = None, limit: Limit = DEFAULT_LIMIT) -> Any:
        """What failed for good and was neither sent again nor dropped."""
        found = await parts.database.read(
            dead_letters.dead_letters,
            business_id=caller.business_id,
            before_id=None if before is None else str(before),
            most=limit,
            is_test=None if caller.key_id is None else caller.is_test,
        )
        shown = [{name: value for name, value in asdict(each).items() if name != "business_id"} for each in found]
        return {"data": shown, "next": found[-1].id if len(found) == limit else None}

    @router.post("/{message_id}/replay", response_model=Replayed, responses=refusals(404, 409))
    async def replay(
        caller: MayWriteMessages, message_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Send it once more, as a message of its own. 409 when somebody was faster."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            letter = _known(connection, caller, message_id)
            try:
                again = dead_letters.replay(connection, letter, utc_now(), business_id)
            except NotDead:
                raise _not_dead() from None
            return Answer(status_code=200, body={"message_id": again})

        return await once.answer(request, business_id, work)

    @router.post("/{message_id}/drop", response_model=Dropped, responses=refusals(404, 409))
    async def drop(
        caller: MayWriteMessages, message_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Give it up. 409 when somebody was faster."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            letter = _known(connection, caller, message_id)
            try:
                dead_letters.drop(connection, letter, utc_now(), business_id)
            except NotDead:
                raise _not_dead() from None
            return Answer(status_code=200, body={"id": letter}, wakes=())

        return await once.answer(request, business_id, work)

    return router


def _known(connection: Connection, caller: Caller, message_id: UUID) -> str:
    if message_of(connection, caller, str(message_id)) is None:
        raise not_found("message")
    return str(message_id)


def _not_dead() -> Problem:
    return Problem("conflict", "It did not fail for good, or somebody has looked after it already.")
