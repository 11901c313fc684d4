"""What the bodies of the routes that set workflows off hold."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AliasChoices, BaseModel, Field

from notifications.plans.plan import State
from server.api.fields import Asked, Key, Moment, Payload, Slug, example
from server.api.recipients import One, Several
from server.api.refusals import FieldProblem

MOST_ITEMS: Final = 500
"""Of one bulk request: a transaction of a few tenths of a second."""

Category = Literal["transactional", "tracking", "reminders", "marketing", "work"]


class Anchor(Asked):
    """What it hangs on, such as an appointment."""

    type: Slug
    id: Key
    starts_at: Annotated[Key, Field(description="With an offset, or by the clock of the timezone")]
    timezone: Annotated[Key | None, Field(validation_alias=AliasChoices("timezone", "tz"))] = None
    revision: Annotated[int, Field(ge=0, le=2**31, validation_alias=AliasChoices("revision", "rev"))] = 0


class Rung(Asked):
    """One channel of a wish: `success` is the receipt that is waited for, `fallback_after` how long."""

    channel: Literal["whatsapp", "email", "sms", "inapp", "webhook"]
    success: Literal["sent", "delivered", "read"] | None = None
    fallback_after: Annotated[Key | None, Field(examples=["PT15M"])] = None


class Routing(Asked):
    """Channels in place of the workflow's own, one after the other."""

    channels: Annotated[list[Rung], Field(min_length=1, max_length=5)]


class About(Asked):
    """What a workflow is set off with, but for whom."""

    workflow: Annotated[Key, Field(description="Its key; GET /v1/workflows lists them")]
    payload: Payload = Field(default_factory=dict, description="What the workflow asks for")
    category: Annotated[Category | None, Field(description="In place of the workflow's own")] = None
    routing: Routing | None = None
    anchor: Annotated[
        Anchor | None,
        Field(description="What delays count from. Told again with the same key and another time, it moves what waits"),
    ] = None
    cancellation_key: Annotated[Key | None, Field(description="Takes back together what has the same")] = None
    expires_at: Annotated[Moment | None, Field(description="When it is no longer worth telling")] = None


class Notify(About):
    """Somebody, or some, to be told something."""

    model_config = example(
        {
            "workflow": "mission-accepted",
            "to": {"id": "customer-7", "phone": "+242061234567", "name": "Grâce Mabiala"},
            "payload": {
                "code": "COUR-20250127-068",
                "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
            },
            "cancellation_key": "COUR-20250127-068",
        }
    )

    to: Several
    business: Annotated[Key | None, Field(description="Its slug; for whoever has RELAIS_SECRET")] = None
    dry_run: Annotated[bool, Field(description="Tell what would be said and decided; keep and send nothing")] = False


class BulkItem(About):
    """One of many, for one person."""

    to: One


class Bulk(Asked):
    """Many at once, each done or refused for itself."""

    model_config = example(
        {
            "items": [
                {
                    "workflow": "mission-delivered",
                    "to": {"id": "customer-7", "phone": "+242061234567"},
                    "payload": {"code": "COUR-20250127-068"},
                },
                {
                    "workflow": "mission-delivered",
                    "to": {"id": "customer-8", "phone": "+242055551234"},
                    "payload": {"code": "COUR-20250127-069"},
                },
            ]
        }
    )

    items: Annotated[list[BulkItem], Field(min_length=1, max_length=MOST_ITEMS)]


class Notified(BaseModel):
    """What became of it for one person."""

    id: UUID
    subscriber_id: UUID
    state: State
    message_ids: list[UUID]
    """What is queued already; the workflow may queue more later."""
    is_moved: bool = False
    """It was under way already, and goes on with the time that its anchor has now."""


class Accepted(BaseModel):
    """It was set off, for each of the people."""

    trigger_id: UUID
    notifications: list[Notified]


class BulkResult(BaseModel):
    """What became of one item: either `notification` or `errors`."""

    status: Literal["accepted", "refused"]
    notification: Notified | None = None
    errors: list[FieldProblem] = []


class BulkResults(BaseModel):
    """What became of each item, in their order."""

    trigger_id: UUID
    accepted: int
    refused: int
    results: list[BulkResult]


class RehearsedMessage(BaseModel):
    """A message that would be queued at once."""

    channel: str
    category: str
    lane: str
    said: str | None
    payload: dict[str, Any]
    template_payload: dict[str, Any] | None
    """What would go in its place while the customer service window is closed."""
    expires_at: datetime | None


class Decision(BaseModel):
    """What would be decided, and why."""

    decision: str
    reason: str


class Rehearsal(BaseModel):
    """What would become of it for one person."""

    state: State
    decisions: list[Decision]
    messages: list[RehearsedMessage]


class Rehearsed(BaseModel):
    """What would become of it; nothing was kept."""

    rehearsals: list[Rehearsal]
