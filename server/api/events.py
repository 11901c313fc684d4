"""Where a business's own system tells what happened: with a key, or signed as standardwebhooks.com has it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AliasChoices, BaseModel, Field
from sqlalchemy.engine import Connection

from notifications.access import Scope
from notifications.events import BackendEvent, Received, receive
from notifications.plans.plan import State
from notifications.triggering import Tools
from server.api.bodies import StrictRoute
from server.api.callers import Caller, Doorkeeper, checked, unknown
from server.api.fields import Asked, Key, Moment, Payload, example
from server.api.problems import invalid
from server.api.recipients import One, recipient_of
from server.api.refusals import refusals
from server.parts import Parts, utc_now

TOPICS = ("messages", "plans")


class Event(Asked):
    """Something that happened: a mission, an order or a payment, as docs/backend.md writes it."""

    model_config = example(
        {
            "id": "evt-4711",
            "type": "mission.accepted",
            "occurred_at": "2026-01-27T14:30:00+01:00",
            "data": {
                "code": "COUR-20250127-068",
                "customer": {"id": "customer-7", "phone": "+242061234567"},
                "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
            },
        }
    )

    id: Annotated[
        Key | None, Field(description="Yours: the same one again changes nothing. Or the header webhook-id")
    ] = None
    type: Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$", max_length=64)]
    occurred_at: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("occurred_at", "timestamp"), description="Left out: now"),
    ] = None
    data: Payload = Field(default_factory=dict)
    tell: Annotated[
        dict[Literal["courier", "merchant"], One],
        Field(default_factory=dict, description="Who else is to be told, by the workflow courier-… or merchant-…"),
    ]


class TakenForOther(BaseModel):
    """What it set off for somebody else than the customer, or why nothing."""

    role: Literal["courier", "merchant"]
    notification_id: UUID | None = None
    subscriber_id: UUID | None = None
    state: State | None = None
    reason: str | None = None


class Taken(BaseModel):
    """What it set off, or why nothing."""

    event_id: str
    is_repeat: bool
    """It was taken before; nothing was done now, and this is what was done then."""
    notification_id: UUID | None
    subscriber_id: UUID | None
    state: State | None
    reason: str | None
    others: list[TakenForOther]


def event_routes(parts: Parts, doorkeeper: Doorkeeper, tools: Tools) -> APIRouter:
    """POST /v1/events."""
    router = APIRouter(prefix="/v1/events", tags=["events"], route_class=StrictRoute)

    async def teller(
        request: Request,
        key: Annotated[UUID | None, Query(description="The id of the API key, where the request is signed")] = None,
    ) -> Caller:
        """Whoever the door let in, or whoever signed."""
        caller: Caller | None = request.scope["state"].get("caller")
        if caller is None:
            if key is None:
                raise unknown()
            caller = await doorkeeper.signed(str(key), request.headers, await request.body())
        return checked(caller, Scope.EVENTS)

    @router.post(
        "",
        status_code=202,
        response_model=Taken,
        responses=refusals(),
        openapi_extra={"security": [{"API key": [Scope.EVENTS]}]},
    )
    async def tell(caller: Annotated[Caller, Depends(teller)], event: Event, request: Request) -> Response:
        """Tell that something happened; what people are told because of it is up to the workflow of that name.

        `tell` names who else is to be told: the courier, by the workflow `courier-mission-accepted`, or the merchant.
        Types without a workflow are kept and answered with the reason. Events may come late and in any order: what is
        older than what was told already is not told. In place of an API key, sign the request as standardwebhooks.com
        has it, and name the key in `?key=`; `./relais keys signing-secret` tells the secret.
        """
        event_id = event.id or request.headers.get("webhook-id", "")
        if not 0 < len(event_id) <= 255:
            raise invalid("id", "it is missing", "Name the event, so that it may be sent again.")
        told = BackendEvent(
            business_id=caller.needs_business(),
            id=event_id,
            type=event.type,
            occurred_at=event.occurred_at or utc_now(),
            data=event.data,
            tell={role: recipient_of(each) for role, each in event.tell.items()},
            is_test=caller.is_test,
            api_key_id=caller.key_id,
        )
        received = await parts.database.write(_receive, told, tools)
        for topic in TOPICS:
            parts.wakeup.signal(topic)
        return JSONResponse(_view(received), 202)

    return router


def _receive(connection: Connection, event: BackendEvent, tools: Tools) -> Received:
    return receive(connection, event, tools)


def _view(received: Received) -> dict[str, Any]:
    told = {name: getattr(received, name) for name in Taken.model_fields}
    return {**told, "others": [TakenForOther(**each).model_dump(mode="json") for each in received.others]}
