"""What is said: workflows with their steps and how they read on each channel, and templates with what Meta says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Response
from sqlalchemy.engine import Connection

from channels.whatsapp.templates.definition import Definition
from notifications.tables import templates
from notifications.workflows import CannotRender, Workflow, preview
from server.commands.workflow_views import channel_lines, steps_of
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import House, Visit
from server.template_files import TemplateFiles
from staff import Act

type Reader = Annotated[Visit, needs(Act.READ_CONTENT)]


@dataclass(frozen=True, slots=True)
class TemplateState:
    """A template of a business: its file in each language, and what Meta says of it there."""

    name: str
    category: str
    body: str
    languages: dict[str, dict[str, Any]]


def content_routes(desk: Desk) -> APIRouter:
    """/workflows, one of them, /templates."""
    router, pages = APIRouter(), _Content(desk)
    router.get("/workflows")(pages.workflows)
    router.get("/workflows/{slug}/{key}")(pages.workflow)
    router.get("/templates")(pages.templates)
    return router


class _Content:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database
        self._templates = TemplateFiles(desk.parts.settings.templates_dir)

    async def workflows(self, visit: Reader, business: str = "") -> Response:
        """Those of a business."""
        houses, house = _chosen(visit, business)
        found = await self._workflows(house)
        return self._desk.page(visit, "console/workflows.html", houses=houses, house=house, workflows=found)

    async def workflow(self, visit: Reader, slug: str, key: str, language: Literal["fr", "en", ""] = "") -> Response:
        """One: what it does step by step, and how it reads with its examples."""
        _, house = _chosen(visit, slug)
        workflow = next((each for each in await self._workflows(house) if each.key == key), None)
        if house is None or house.slug != slug or workflow is None:
            raise HTTPException(404)
        spoken = language or visit.language
        return self._desk.page(
            visit,
            "console/workflow.html",
            house=house,
            workflow=workflow,
            steps=list(steps_of(workflow)),
            spoken=spoken,
            **_rendered(workflow, spoken, await self._definitions(house)),
        )

    async def templates(self, visit: Reader, business: str = "") -> Response:
        """Those of a business, with what Meta says of each."""
        houses, house = _chosen(visit, business)
        if house is None:
            return self._desk.page(visit, "console/templates.html", houses=houses, house=None, templates=[])
        states = await self._database.read(_states, house.id)
        found = _grouped(await self._definitions(house), states, visit.language)
        return self._desk.page(visit, "console/templates.html", houses=houses, house=house, templates=found)

    async def _workflows(self, house: House | None) -> Sequence[Workflow]:
        """Beside the loop: read for the first time, or changed, they take longer than a webhook may wait."""
        if house is None:
            return []
        return list((await asyncio.to_thread(self._desk.parts.workflows, house.slug)).values())

    async def _definitions(self, house: House) -> Sequence[Definition]:
        return (await asyncio.to_thread(self._templates, house.slug)).definitions


def _rendered(workflow: Workflow, language: str, definitions: Sequence[Definition]) -> dict[str, Any]:
    """How it reads on each channel, by channel; or why it cannot be shown."""
    draft = workflow.contents.whatsapp
    name = draft.template.name if draft and draft.template else ""
    template = next((each for each in definitions if (each.name, each.language) == (name, language)), None)
    try:
        contents = preview(workflow, language).items()
    except CannotRender as error:
        return {"contents": {}, "problem": str(error)}
    said = {channel: "\n".join(channel_lines(content, template)) for channel, content in contents}
    return {"contents": said, "problem": None}


def _chosen(visit: Visit, slug: str) -> tuple[list[House], House | None]:
    """The businesses that this member may see, and the one asked for, else the first. Raises MayNot."""
    houses = visit.of(visit.member.reach(Act.READ_CONTENT))
    if not slug:
        return houses, houses[0] if houses else None
    found = next((each for each in houses if each.slug == slug), None)
    if found is None and any(each.slug == slug for each in visit.houses.values()):
        raise MayNot
    return houses, found


def _states(connection: Connection, business_id: str) -> dict[tuple[str, str], dict[str, Any]]:
    t = templates.c
    shown: sa.Select[Any] = sa.select(t.name, t.language, t.status, t.quality, t.reason, t.paused_until)
    rows = connection.execute(shown.where(t.business_id == business_id))
    return {(row.name, row.language): dict(row._mapping) for row in rows}


def _grouped(
    definitions: Sequence[Definition], states: dict[tuple[str, str], dict[str, Any]], language: str
) -> Sequence[TemplateState]:
    """By name, each with its words in this language where it has it."""
    found: dict[str, TemplateState] = {}
    for each in sorted(definitions, key=lambda one: (one.name, one.language != language, one.language)):
        group = found.setdefault(each.name, TemplateState(each.name, each.category, each.body or "", {}))
        group.languages[each.language] = states.get((each.name, each.language), {})
    return list(found.values())
