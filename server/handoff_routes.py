"""The door by which the assistant asks for a human."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from conversations import handoffs
from server.parts import Parts, utc_now

MAX_SUMMARY = 20
"""Lines of each kind in a summary; what is longer was not summed up."""

Line = Annotated[str, Field(max_length=2000)]


class Summary(BaseModel):
    """What the assistant knew, in words for whoever takes the talk up."""

    wishes: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []
    doing: Line | None = None
    answers: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []
    about: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []
    codes: dict[Literal["delivery", "order", "claim"], Annotated[str, Field(max_length=200)]] = {}
    """Of what was last on the screen."""


class Wanted(BaseModel):
    """A human is wanted; the turn makes repeating the request harmless."""

    turn_id: UUID
    reason: Literal["asked", "lost"]
    language: Annotated[str, Field(max_length=8)]
    summary: Summary


class Asked(BaseModel):
    """Since when, and whether it is new."""

    asked_at: datetime
    is_new: bool


def asking_routes(parts: Parts) -> APIRouter:
    """POST /internal/people/{sender_id}/handoffs; whoever mounts it asks for the secret."""
    router = APIRouter(prefix="/internal/people")

    @router.post("/{sender_id}/handoffs")
    async def ask(sender_id: UUID, wanted: Wanted) -> Asked:
        """Keep that this person waits for a human. 404 for an unknown sender."""
        asked = await parts.database.write(_ask, parts, str(sender_id), wanted, utc_now())
        if asked is None:
            raise HTTPException(404, "There is no such sender.")
        parts.wakeup.signal("messages")
        return Asked(asked_at=asked[0], is_new=asked[1])

    return router


def _ask(
    connection: Connection, parts: Parts, sender_id: str, wanted: Wanted, now: datetime
) -> tuple[datetime, bool] | None:
    asked = handoffs.ask(
        connection,
        sender_id,
        turn_id=str(wanted.turn_id),
        reason=wanted.reason,
        language=wanted.language,
        summary=wanted.summary.model_dump(),
        now=now,
    )
    found = handoffs.held(connection, sender_id) if asked else None
    if found is not None:
        parts.handoff_news.tell(connection, "asked", found.id, now)
    return asked
