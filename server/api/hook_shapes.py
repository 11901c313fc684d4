"""What the bodies of the routes of webhooks hold."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.api.fields import Asked, example

EventType = Literal[
    "message.sent",
    "message.unknown",
    "message.failed",
    "message.delivered",
    "message.read",
    "message.cancelled",
    "message.expired",
    "message.skipped",
    "message.answered",
    "handoff.asked",
    "handoff.taken",
    "handoff.message",
    "handoff.returned",
    "webhook.test",
]

Url = Annotated[str, Field(min_length=1, max_length=2048, description="https, and public")]
Events = Annotated[list[EventType], Field(max_length=20, description="None: all of them")]


class NewEndpoint(Asked):
    """Where to tell, and what."""

    model_config = example(
        {"url": "https://shop.example.com/relais", "events": ["message.delivered", "message.failed"]}
    )

    url: Url
    events: Events = Field(default_factory=list)


class ChangedEndpoint(Asked):
    """What to change; what is left out stays."""

    model_config = example({"events": ["message.failed"], "is_enabled": True})

    url: Url | None = None
    events: Events | None = None
    is_enabled: bool | None = None


class EndpointShown(BaseModel):
    """An endpoint as it is; its secret is shown when it is made or changed, and never again."""

    id: UUID
    url: str
    events: list[str]
    created_at: datetime
    previous_secret_until: datetime | None
    """Until when the secret before signs too."""
    disabled_at: datetime | None
    disabled_reason: str | None


class EndpointWithSecret(EndpointShown):
    """An endpoint with its secret."""

    secret: str


class Endpoints(BaseModel):
    """All endpoints of a business."""

    data: list[EndpointShown]


class Tried(BaseModel):
    """A request is on its way."""

    webhook_id: UUID
