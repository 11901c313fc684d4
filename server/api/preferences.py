"""What people want to get, over the API: told, and kept as the business heard it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from notifications import consent
from notifications.consent import OwnWord
from server.api.bodies import StrictRoute
from server.api.callers import MayReadPreferences, MayWritePreferences
from server.api.fields import Asked, SubscriberKey, example
from server.api.people import known_person
from server.api.problems import Problem
from server.api.refusals import refusals
from server.parts import Parts, utc_now

Category = Literal["marketing", "tracking", "reminders", "work"]
Channel = Literal["whatsapp", "email", "sms", "inapp"]

CHANNELS: tuple[Channel, ...] = ("whatsapp", "email", "sms", "inapp")


class Decided(Asked):
    """One decision: whether this person gets messages of a category on a channel."""

    category: Category
    channel: Channel
    granted: bool


class Decisions(Asked):
    """What the person told the business."""

    model_config = example({"preferences": [{"category": "marketing", "channel": "email", "granted": False}]})

    preferences: Annotated[list[Decided], Field(min_length=1, max_length=16)]


class Preference(BaseModel):
    """What is so now, and since when and by whose word; nothing said is a yes."""

    category: Category
    channel: Channel
    granted: bool
    source: str | None
    decided_at: datetime | None


class Preferences(BaseModel):
    """Every category on every channel."""

    preferences: list[Preference]


def preference_routes(parts: Parts) -> APIRouter:
    """GET and PUT /v1/subscribers/{subscriber}/preferences."""
    router = APIRouter(prefix="/v1/subscribers", tags=["subscribers"], route_class=StrictRoute)

    @router.get("/{subscriber:path}/preferences", response_model=Preferences, responses=refusals(404))
    async def look(caller: MayReadPreferences, subscriber: SubscriberKey) -> Any:
        """What this person gets, and who said so. What answers them, and critical news, always goes."""
        business_id = caller.needs_business()
        return await parts.database.read(lambda c: _told(c, known_person(c, business_id, subscriber)))

    @router.put("/{subscriber:path}/preferences", response_model=Preferences, responses=refusals(404, 409))
    async def decide(caller: MayWritePreferences, subscriber: SubscriberKey, wanted: Decisions) -> Any:
        """Keep what this person decided. A no that they said to us themselves is theirs to take back: 409."""
        return await parts.database.write(_decided, caller.needs_business(), subscriber, wanted)

    return router


def _told(connection: Connection, subscriber_id: str) -> dict[str, Any]:
    newest = consent.newest_of(connection, subscriber_id)
    told = []
    for category in consent.CATEGORIES:
        for channel in CHANNELS:
            row = newest.get((category, channel))
            told.append(
                {
                    "category": category,
                    "channel": channel,
                    "granted": row is None or row.granted,
                    "source": row.source if row else None,
                    "decided_at": row.decided_at if row else None,
                }
            )
    return {"preferences": told}


def _decided(connection: Connection, business_id: str, key: str, wanted: Decisions) -> dict[str, Any]:
    person = known_person(connection, business_id, key)
    for each in wanted.preferences:
        try:
            consent.hear(
                connection,
                business_id=business_id,
                subscriber_id=person,
                category=each.category,
                channel=each.channel,
                granted=each.granted,
                said_at=utc_now(),
            )
        except OwnWord as own:
            raise Problem(
                "conflict",
                f"They said no to {each.category} on {each.channel} themselves ({own.source}); only they take it back.",
            ) from None
    return _told(connection, person)
