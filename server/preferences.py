"""The door by which the assistant learns what a person wants to hear from us, and keeps what they decide."""

from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from conversations.people import talk_of
from conversations.tables import turns
from notifications import consent
from server.parts import Parts, utc_now

Category = Literal["marketing", "tracking", "reminders"]


class Choice(BaseModel):
    """What somebody decided in a turn; the turn makes repeating the request harmless."""

    turn_id: UUID
    categories: Annotated[list[Category], Field(min_length=1, max_length=len(consent.CHAT_CATEGORIES))]
    granted: bool


class Chosen(BaseModel):
    """Which of them changed, and what is so now."""

    changed: tuple[str, ...]
    wanted: dict[str, bool]


def preference_routes(parts: Parts) -> APIRouter:
    """GET and POST /internal/people/{sender_id}/notifications; whoever mounts it asks for the secret."""
    router = APIRouter(prefix="/internal/people")

    @router.get("/{sender_id}/notifications")
    async def look(sender_id: UUID) -> dict[str, bool]:
        """Each category, and whether this person gets it. 404 for an unknown sender."""
        found = await parts.database.read(_wanted, str(sender_id))
        if found is None:
            raise HTTPException(404, "There is no such sender.")
        return found

    @router.post("/{sender_id}/notifications")
    async def decide(sender_id: UUID, choice: Choice) -> Chosen:
        """Keep the decision, once. 404 for an unknown sender."""
        chosen = await parts.database.write(_decide, str(sender_id), choice)
        if chosen is None:
            raise HTTPException(404, "There is no such sender.")
        return chosen

    return router


def _wanted(connection: Connection, sender_id: str) -> dict[str, bool] | None:
    talk = talk_of(connection, sender_id)
    return consent.wanted(connection, talk.subscriber_id) if talk else None


def _decide(connection: Connection, sender_id: str, choice: Choice) -> Chosen | None:
    talk = talk_of(connection, sender_id)
    if talk is None:
        return None
    # By the person's clock, like the word STOP: the word START may follow in the same second.
    said_at = connection.scalar(sa.select(turns.c.sent_at).where(turns.c.id == str(choice.turn_id)))
    changed = consent.choose(
        connection,
        business_id=talk.business_id,
        subscriber_id=talk.subscriber_id,
        categories=choice.categories,
        granted=choice.granted,
        turn_id=str(choice.turn_id),
        said_at=said_at or utc_now(),
    )
    return Chosen(changed=changed, wanted=consent.wanted(connection, talk.subscriber_id))
