"""What the bodies of the routes of talks for a human hold."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from channels.whatsapp.limits import MAX_TEXT_BODY
from server.api.fields import Asked, example

type State = Literal["waiting", "human", "closing", "closed"]


class HandoffShown(BaseModel):
    """A talk that waits for a human, has one, or had one."""

    id: UUID
    business: str
    conversation_id: UUID
    person: str | None
    """As WhatsApp names them."""
    reason: str
    """asked, lost (the assistant did not understand), taken (somebody came unasked), app"""
    language: str
    summary: dict[str, Any]
    """What the assistant knew: wishes, doing, answers, about, codes."""
    state: State
    priority: int
    agent_id: UUID | None
    """Who has it: a member of the staff, or a key of this API."""
    asked_at: datetime
    repeated_at: datetime | None
    taken_at: datetime | None
    unanswered_since: datetime | None
    returns_at: datetime | None
    """When the assistant answers again, unless something is said before."""
    closed_at: datetime | None
    ended_by: str | None


class HandoffsShown(BaseModel):
    """The most urgent first, then the longest waiting; a hundred at most."""

    data: list[HandoffShown]


class SaidShown(BaseModel):
    """Something that was said in a talk."""

    id: UUID
    by: str
    """person, bot, service, agent, app or push"""
    kind: str
    """WhatsApp's: text, image, location, template …"""
    text: str
    file_id: UUID | None
    """Of a file that the person sent: GET /v1/media/{id} with RELAIS_SECRET."""
    status: str | None
    """Of what we said: queued, sent, delivered, read, failed, skipped …"""
    at: datetime


class SaidsShown(BaseModel):
    """The oldest first; ask again `after` the last one."""

    data: list[SaidShown]


class Wording(Asked):
    """What to say."""

    model_config = example({"text": "Bonjour Grâce, je regarde tout de suite."})

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_BODY)]


class Queued(BaseModel):
    """It leaves behind what is on its way; GET /v1/messages/{id} says what became of it."""

    message_id: UUID
