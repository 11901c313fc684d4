"""Workflows over the API: which there are, what they ask for, and how they read."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel

from notifications.workflows import CannotRender, Workflow, preview
from notifications.workflows.schema import Field as PayloadField
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayReadTemplates
from server.api.problems import Problem, not_found
from server.api.refusals import refusals

WorkflowKey = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["mission-accepted"], description="The workflow's key")
]


class WorkflowShown(BaseModel):
    """A workflow, with what it asks for."""

    key: str
    title: str
    version: str
    category: str
    critical: bool
    lane: str
    channels: list[str]
    needs_anchor: bool
    """Whether a trigger has to say what it hangs on, such as an appointment."""
    payload: dict[str, Any]
    """Each field: its type, whether it is required; of an object its fields, of a list its items."""
    example: dict[str, Any]
    """A payload that it takes."""


class WorkflowsShown(BaseModel):
    """All workflows of the business."""

    data: list[WorkflowShown]


class Preview(BaseModel):
    """How a workflow reads with the example of its payload, by channel."""

    key: str
    locale: str
    channels: dict[str, Any]


def workflow_routes(workflows: Callable[[str], Mapping[str, Workflow]]) -> APIRouter:
    """GET /v1/workflows, one of them, and how it reads. `workflows` are those of a business, by its slug."""
    router = APIRouter(prefix="/v1/workflows", tags=["workflows"], route_class=StrictRoute)

    def of(caller: Caller) -> Mapping[str, Workflow]:
        caller.needs_business()
        return workflows(caller.business or "")

    def known(caller: Caller, key: str) -> Workflow:
        if (found := of(caller).get(key)) is None:
            raise not_found("workflow")
        return found

    @router.get("", response_model=WorkflowsShown, responses=refusals())
    async def look(caller: MayReadTemplates) -> Any:
        """Every workflow that the business may set off."""
        return {"data": [_view(each) for each in of(caller).values()]}

    @router.get("/{workflow}", response_model=WorkflowShown, responses=refusals(404))
    async def one(caller: MayReadTemplates, workflow: WorkflowKey) -> Any:
        """One workflow, and what it asks for."""
        return _view(known(caller, workflow))

    @router.get("/{workflow}/preview", response_model=Preview, responses=refusals(404))
    async def read(caller: MayReadTemplates, workflow: WorkflowKey, locale: Literal["fr", "en"] = "fr") -> Any:
        """How it reads on each channel, with the examples of its payload."""
        found = known(caller, workflow)
        try:
            shown = {channel: asdict(content) for channel, content in preview(found, locale).items()}
        except CannotRender as error:
            raise Problem("conflict", f"Its examples cannot be rendered: {error}.") from None
        return {"key": found.key, "locale": locale, "channels": shown}

    return router


def _view(workflow: Workflow) -> dict[str, Any]:
    return {
        "key": workflow.key,
        "title": workflow.title,
        "version": workflow.version,
        "category": workflow.category,
        "critical": workflow.critical,
        "lane": workflow.lane,
        "channels": list(workflow.channels),
        "needs_anchor": workflow.needs_anchor,
        "payload": {name: _field(each) for name, each in workflow.payload.fields.items()},
        "example": workflow.payload.example(),
    }


def _field(field: PayloadField) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": field.kind, "required": field.required}
    if field.fields:
        shown["fields"] = {name: _field(each) for name, each in field.fields.items()}
    if field.items is not None:
        shown["items"] = _field(field.items)
    return shown
