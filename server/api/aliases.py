"""Two addresses of an older API, for systems that speak it already: they say the same in other words."""

from typing import Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy.engine import Connection

from notifications.triggering import TriggerDesk
from server.api.bodies import StrictRoute
from server.api.callers import MayNotify, MayReadMessages
from server.api.fields import Asked, Key, Payload, example
from server.api.notifications import Notification, shown_notification
from server.api.notify import TOPICS, all_of, trigger_of, view
from server.api.notify_shapes import Accepted, Notify
from server.api.once import Answer, IdempotencyKey, Once
from server.api.recipients import Several
from server.api.refusals import refusals
from server.parts import Parts
from storage.types import new_id

FALLBACK_AFTER: Final = "PT15M"
"""How long each channel of a list is waited for before the next; the older words have no place for it."""


class Communication(Asked):
    """`template` is the workflow, `recipients` are `to`, `data` is the payload, `channels` are tried in their order."""

    model_config = example(
        {
            "template": "mission-delivered",
            "recipients": [{"id": "customer-7", "phone": "+242061234567"}],
            "data": {"code": "COUR-20250127-068"},
            "channels": ["whatsapp", "sms"],
        }
    )

    template: Key
    recipients: Several
    data: Payload = Field(default_factory=dict)
    channels: list[Literal["whatsapp", "email", "sms", "inapp", "webhook"]] = Field(default_factory=list, max_length=5)


def alias_routes(parts: Parts, desk: TriggerDesk, once: Once) -> APIRouter:
    """POST /api/communication/notify and GET /api/communication/status."""
    router = APIRouter(prefix="/api/communication", tags=["aliases"], route_class=StrictRoute)

    @router.post("/notify", status_code=202, response_model=Accepted, responses=refusals(409))
    async def notify(
        caller: MayNotify, wanted: Communication, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """The same as POST /v1/notify, in other words."""
        business_id, trigger_id = caller.needs_business(), new_id()
        same = _in_our_words(wanted)
        triggers = [trigger_of(caller, same, person, trigger_id) for person in wanted.recipients]

        def work(connection: Connection) -> Answer:
            notified = all_of(desk.within(connection, triggers))
            body = {"trigger_id": trigger_id, "notifications": [view(each) for each in notified]}
            return Answer(status_code=202, body=body, wakes=TOPICS)

        return await once.answer(request, business_id, work)

    @router.get("/status", response_model=Notification, responses=refusals(404))
    async def status(caller: MayReadMessages, id: UUID) -> Any:
        """The same as GET /v1/notifications/{id}."""
        return await parts.database.read(shown_notification, caller, str(id))

    return router


def _in_our_words(wanted: Communication) -> Notify:
    rungs: list[dict[str, Any]] = [
        {"channel": channel, "fallback_after": FALLBACK_AFTER} for channel in wanted.channels
    ]
    if rungs:
        # Nothing follows the last.
        rungs[-1] = {"channel": wanted.channels[-1]}
    return Notify(
        workflow=wanted.template,
        to=wanted.recipients,
        payload=wanted.data,
        routing={"channels": rungs} if rungs else None,
    )
