"""Moving over the API: an appointment has another time, and what hangs on it follows."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from notifications.plans.moving import Move
from notifications.triggering import TriggerDesk
from notifications.workflows import read_anchor
from server.api.bodies import StrictRoute
from server.api.callers import MayNotify
from server.api.fields import Asked, Key, Payload, example
from server.api.mending import FieldError
from server.api.notify import TOPICS
from server.api.notify_shapes import Anchor
from server.api.once import Answer, IdempotencyKey, Once
from server.api.people import known_person
from server.api.recipients import refused
from server.api.refusals import refusals


class MoveTo(Asked):
    """The new time of what notifications hang on."""

    model_config = example(
        {
            "cancellation_key": "RDV-17",
            "anchor": {"type": "appointment", "id": "RDV-17", "starts_at": "2026-12-05T19:30:00+01:00", "revision": 2},
            "payload": {"starts_at": "2026-12-05T19:30:00+01:00"},
        }
    )

    cancellation_key: Key
    anchor: Anchor
    payload: Annotated[Payload | None, Field(description="Members that are to be told from now on")] = None
    subscriber: Annotated[Key | None, Field(description="For one person alone: your id of them, or ours")] = None


class MovedOn(BaseModel):
    """What was moved, and what stood there already."""

    moved: int
    unchanged: int
    messages: int
    """That had not left, were called back, and are told anew at their time."""


def moving_routes(desk: TriggerDesk, once: Once) -> APIRouter:
    """POST /v1/notify/move."""
    router = APIRouter(prefix="/v1/notify", tags=["notify"], route_class=StrictRoute)

    @router.post("/move", response_model=MovedOn, responses=refusals(404, 409))
    async def move(caller: MayNotify, wanted: MoveTo, request: Request, _key: IdempotencyKey = None) -> Response:
        """Move what hangs on an appointment and has not been done: delays count from its new time.

        What was done stays done; steps whose moment has passed are left out. Again changes nothing.
        """
        business_id = caller.needs_business()
        anchor = wanted.anchor.model_dump()
        try:
            read_anchor(anchor)
        except ValueError as error:
            mend = "Write it as /api/docs shows it."
            raise refused([FieldError(field="anchor", problem=str(error), mend=mend)]) from None

        def work(connection: Connection) -> Answer:
            person = None if wanted.subscriber is None else known_person(connection, business_id, wanted.subscriber)
            wish = Move(
                key=wanted.cancellation_key,
                anchor=anchor,
                payload=wanted.payload,
                subscriber_id=person,
                is_test=caller.is_test,
            )
            done = desk.move_within(connection, business_id, wish)
            moved, called_back = sum(each.is_moved for each in done), sum(each.called_back for each in done)
            body = {"moved": moved, "unchanged": len(done) - moved, "messages": called_back}
            return Answer(status_code=200, body=body, wakes=TOPICS)

        return await once.answer(request, business_id, work)

    return router
