"""The doors of talks for a human: one by which the assistant asks, and those of the people who take them up."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from conversations import handoffs
from server.parts import Parts, utc_now

MOST = 100
"""Talks in one answer: more than a team takes up in an hour."""

MAX_SUMMARY = 20
"""Lines of each kind in a summary; what is longer was not summed up."""

Line = Annotated[str, Field(max_length=2000)]


class Summary(BaseModel):
    """What the assistant knew, in words for whoever takes the talk up."""

    wishes: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []
    doing: Line | None = None
    answers: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []
    about: Annotated[list[Line], Field(max_length=MAX_SUMMARY)] = []


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
        asked = await parts.database.write(
            handoffs.ask,
            str(sender_id),
            turn_id=str(wanted.turn_id),
            reason=wanted.reason,
            language=wanted.language,
            summary=wanted.summary.model_dump(),
            now=utc_now(),
        )
        if asked is None:
            raise HTTPException(404, "There is no such sender.")
        return Asked(asked_at=asked[0], is_new=asked[1])

    return router


def handoff_routes(parts: Parts) -> APIRouter:
    """GET /v1/handoffs and POST /v1/handoffs/{id}/close."""
    router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"])

    @router.get("")
    async def waiting(state: Literal["waiting", "closed"] = "waiting") -> list[dict[str, Any]]:
        """Talks that wait for a human, the longest waiting first, each with what the assistant knew."""
        found = await parts.database.read(handoffs.listed, MOST, state=state)
        return [asdict(each) for each in found]

    @router.post("/{handoff_id}/close", status_code=204)
    async def close(handoff_id: UUID) -> None:
        """Somebody has taken it up. 404 when none such waits."""
        if not await parts.database.write(handoffs.close, str(handoff_id), utc_now()):
            raise HTTPException(404, "No such talk waits for a human.")

    return router
