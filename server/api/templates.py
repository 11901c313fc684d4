"""Templates over the API: which there are and whether Meta lets them go, and sending one by its name."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from channels.whatsapp.messages import InvalidMessage
from channels.whatsapp.templates.definition import Definition
from conversations.merge import merge
from notifications.tables import templates
from notifications.template_sends import TemplateSend, send_template
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayNotify, MayReadTemplates
from server.api.fields import Asked, Key, Moment, example
from server.api.once import Answer, IdempotencyKey, Once
from server.api.problems import invalid
from server.api.recipients import One, recipient_of
from server.api.refusals import refusals
from server.parts import Parts, utc_now


class TemplateShown(BaseModel):
    """A message template in one language."""

    name: str
    language: str
    category: str
    body: str | None
    variables: list[str]
    status: str | None
    """As Meta says it, such as APPROVED; null while we have not heard of it."""
    reason: str | None
    quality: str | None


class TemplatesShown(BaseModel):
    """All templates of the business."""

    data: list[TemplateShown]


class SendTemplate(Asked):
    """A template for somebody."""

    model_config = example(
        {
            "template": "mission_reminder",
            "language": "fr",
            "to": {"phone": "+242061234567"},
            "values": {"first_name": "Grâce", "code": "COUR-20260114-037", "when": "demain entre 9 h et 11 h"},
        }
    )

    template: Key
    to: One
    language: Annotated[Key | None, Field(description="Left out: the person's own")] = None
    values: dict[str, str] = Field(default_factory=dict, max_length=50, description="Each variable of the template")
    category: Annotated[
        Literal["transactional", "tracking", "reminders", "work"] | None,
        Field(description="What people may decline it as; a marketing template is marketing in any case"),
    ] = None
    expires_at: Moment | None = None


class Queued(BaseModel):
    """The message that it became."""

    message_id: UUID
    subscriber_id: UUID
    language: str


def template_routes(parts: Parts, once: Once, definitions: Callable[[str], Sequence[Definition]]) -> APIRouter:
    """GET /v1/templates and POST /v1/templates/send. `definitions` are those of a business, by its slug."""
    router = APIRouter(prefix="/v1/templates", tags=["templates"], route_class=StrictRoute)

    def of(caller: Caller) -> Sequence[Definition]:
        caller.needs_business()
        return definitions(caller.business or "")

    @router.get("", response_model=TemplatesShown, responses=refusals())
    async def look(caller: MayReadTemplates) -> Any:
        """Every template that the business has a file of, and what Meta says of it."""
        states = await parts.database.read(_states, caller.needs_business())
        return {"data": [_view(each, states.get((each.name, each.language), {})) for each in of(caller)]}

    @router.post("/send", status_code=202, response_model=Queued, responses=refusals(409))
    async def send(caller: MayNotify, wanted: SendTemplate, request: Request, _key: IdempotencyKey = None) -> Response:
        """Send a template to one person, inside or outside the customer service window."""
        business_id = caller.needs_business()
        known = of(caller)
        asked = TemplateSend(
            business_id=business_id,
            template=wanted.template,
            language=wanted.language,
            to=recipient_of(wanted.to),
            values=wanted.values,
            category=wanted.category,
            expires_at=wanted.expires_at,
            is_test=caller.is_test,
        )

        def work(connection: Connection) -> Answer:
            try:
                queued = send_template(connection, asked, known, merge, utc_now())
            except InvalidMessage as error:
                raise invalid(error.field, error.problem, "GET /v1/templates tells what it asks for.") from None
            shown = {
                "message_id": queued.message_id,
                "subscriber_id": queued.subscriber_id,
                "language": queued.language,
            }
            return Answer(status_code=202, body=shown)

        return await once.answer(request, business_id, work)

    return router


def _states(connection: Connection, business_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    t = templates.c
    rows = connection.execute(
        sa.select(t.name, t.language, t.status, t.reason, t.quality).where(t.business_id == business_id)
    )
    return {(row.name, row.language): row._asdict() for row in rows}


def _view(definition: Definition, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": definition.name,
        "language": definition.language,
        "category": definition.category,
        "body": definition.body,
        "variables": list(definition.variables),
        **{name: state.get(name) for name in ("status", "reason", "quality")},
    }
