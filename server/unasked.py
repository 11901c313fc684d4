"""The door for what the bot says without being asked: reminders, and intents triggered from outside."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from conversations.compose import Unsayable
from conversations.unasked import UnaskedDesk, UnknownSender
from conversations.wording import Wording
from notifications.outbox import MessageOutbox
from server.parts import Parts, utc_now

MAX_RESPONSES = 50
"""In one request. A turn of Rasa ends after ten actions; more than this is a mistake of the caller's."""


class Unasked(BaseModel):
    """Rasa responses in their order, under an id that makes repeating the request harmless."""

    id: UUID
    responses: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_RESPONSES)]


def unasked_routes(parts: Parts) -> APIRouter:
    """POST /internal/conversations/{sender_id}/responses; whoever mounts it asks for the secret."""
    router = APIRouter(prefix="/internal/conversations")
    desk = UnaskedDesk(MessageOutbox(), Wording())

    @router.post("/{sender_id}/responses", status_code=202)
    async def take(sender_id: UUID, said: Unasked) -> dict[str, bool]:
        """Queue them for this person, once. 404 for an unknown sender, 422 naming what cannot be said."""
        try:
            is_new = await parts.database.write(desk.take, str(sender_id), str(said.id), said.responses, utc_now())
        except UnknownSender:
            raise HTTPException(404, "There is no such sender.") from None
        except Unsayable as error:
            raise HTTPException(422, f"Nothing was queued: {error}.") from None
        parts.wakeup.signal("messages")
        return {"repeated": not is_new}

    return router
