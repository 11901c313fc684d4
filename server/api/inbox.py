"""Opening a person's in-app inbox: a token for the business's own page or app, which shows it to that person."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from channels.inapp import InboxPass, make_token
from server.api.bodies import StrictRoute
from server.api.callers import MayOpenInboxes
from server.api.fields import Asked, SubscriberKey, example, written
from server.api.once import Answer, Body, IdempotencyKey, Once
from server.api.people import known_person
from server.api.refusals import refusals
from server.parts import Parts, utc_now

DEFAULT_SECONDS: Final = 900
MIN_SECONDS, MAX_SECONDS = 60, 3600
"""A token cannot be taken back, so it lives an hour at most. Our choice."""


class Opening(Asked):
    """For how long; a quarter of an hour where nothing is said."""

    model_config = example({"seconds": 900})

    seconds: Annotated[int, Field(ge=MIN_SECONDS, le=MAX_SECONDS)] = DEFAULT_SECONDS


class InboxToken(BaseModel):
    """What the person's page or app sends along."""

    subscriber_id: UUID
    token: str
    expires_at: datetime


def inbox_routes(parts: Parts, once: Once) -> APIRouter:
    """POST /v1/subscribers/{subscriber}/inbox-token."""
    router = APIRouter(prefix="/v1/subscribers", tags=["subscribers"], route_class=StrictRoute)
    secret = parts.settings.relais_secret.get_secret_value()

    @router.post("/{subscriber}/inbox-token", response_model=InboxToken, responses=refusals(404, 409))
    async def open_inbox(
        caller: MayOpenInboxes,
        subscriber: SubscriberKey,
        wanted: Opening,
        request: Request,
        _key: IdempotencyKey = None,
    ) -> Response:
        """A token that opens this one person's in-app inbox for a while. Ask for it once you know who is logged in."""
        business_id = caller.needs_business()
        expires_at = (utc_now() + timedelta(seconds=wanted.seconds)).replace(microsecond=0)

        def work(connection: Connection) -> Answer:
            person = known_person(connection, business_id, subscriber)
            return Answer(status_code=200, body={"subscriber_id": person, "expires_at": written(expires_at)}, wakes=())

        def with_token(body: Body) -> dict[str, Any]:
            # Made anew for a repeated request, and kept nowhere.
            opened = InboxPass(
                business_id=business_id,
                subscriber_id=body["subscriber_id"],
                is_test=caller.is_test,
                expires_at=datetime.fromisoformat(body["expires_at"]),
            )
            return {**body, "token": make_token(secret, opened)}

        return await once.answer(request, business_id, work, with_token)

    return router
