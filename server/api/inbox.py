"""Opening a person's in-app inbox: a token for the business's own page or app, which shows it to that person."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from channels.inapp import InboxPass, make_token
from notifications.inbox.reading import round_of, take_tokens_back
from server.api.bodies import StrictRoute
from server.api.callers import MayOpenInboxes
from server.api.fields import Asked, SubscriberKey, example, written
from server.api.once import Answer, Body, IdempotencyKey, Once
from server.api.people import known_person
from server.api.refusals import refusals
from server.parts import Parts, utc_now

DEFAULT_SECONDS: Final = 900
MIN_SECONDS, MAX_SECONDS = 60, 3600
"""A page that is forgotten somewhere shows nothing after an hour. Our choice."""


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
    """POST and DELETE /v1/subscribers/{subscriber}/inbox-token."""
    router = APIRouter(prefix="/v1/subscribers", tags=["subscribers"], route_class=StrictRoute)
    secret = parts.settings.relais_secret.get_secret_value()

    @router.post("/{subscriber:path}/inbox-token", response_model=InboxToken, responses=refusals(404, 409))
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
            body = {"subscriber_id": person, "expires_at": written(expires_at), "round": round_of(connection, person)}
            return Answer(status_code=200, body=body, wakes=())

        def with_token(body: Body) -> dict[str, Any]:
            # Made anew for a repeated request, and kept nowhere.
            body = dict(body)
            current = body.pop("round", 0)
            opened = InboxPass(
                business_id=business_id,
                subscriber_id=body["subscriber_id"],
                is_test=caller.is_test,
                expires_at=datetime.fromisoformat(body["expires_at"]),
                round=current,
            )
            return {**body, "token": make_token(secret, opened)}

        return await once.answer(request, business_id, work, with_token)

    @router.delete("/{subscriber:path}/inbox-token", status_code=204, responses=refusals(404))
    async def take_back(caller: MayOpenInboxes, subscriber: SubscriberKey) -> None:
        """Take back every inbox token of this person, such as when they log out everywhere. Open lines end at once."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> str:
            person = known_person(connection, business_id, subscriber)
            take_tokens_back(connection, person)
            return person

        parts.news.tell([await parts.database.write(work)])

    return router
