"""The page that shows a talk as a test, and its two files."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import Visit
from server.transcripts.exchange import Talk
from server.transcripts.reading import Heading, headings, read_talk
from server.transcripts.script import MARK, suggested_name, write_script
from server.transcripts.story import write_story
from staff import Act, audit
from staff.audit import Deed
from storage.tables import conversations

type Teaching = Annotated[Visit, needs(Act.TEACH)]
type Maybe = Annotated[int | None, Field(ge=1, le=1_000_000)]

FORMS: Final = {"script": write_script, "story": write_story}


class Asked(BaseModel):
    """The part of the talk, and the name of the test."""

    first: Maybe = None
    last: Maybe = None
    name: Annotated[str, Field(max_length=120)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A part of a talk as a test."""

    talk: Talk
    headings: list[Heading]
    name: str
    script: str
    story: str
    marks: int
    """Places that a person must look at."""


def saving_routes(desk: Desk) -> APIRouter:
    """GET /talks/{id}/test and its files."""
    router = APIRouter(prefix="/talks")
    database, is_demo = desk.parts.database, desk.parts.settings.uses_emulator

    async def saved(visit: Visit, talk_id: UUID, asked: Asked) -> Saved:
        found = await database.write(_read, visit, str(talk_id), asked, is_demo)
        if found is None:
            raise HTTPException(404)
        return found

    @router.get("/{talk_id}/test")
    async def page(visit: Teaching, talk_id: UUID, asked: Annotated[Asked, Query()]) -> Response:
        """How it reads as a test; that it was read is kept."""
        return desk.page(visit, "saving/test.html", saved=await saved(visit, talk_id, asked), talk_id=talk_id)

    @router.get("/{talk_id}/test/{form}.yml")
    async def file(
        visit: Teaching, talk_id: UUID, form: Literal["script", "story"], asked: Annotated[Asked, Query()]
    ) -> Response:
        """The file alone."""
        found = await saved(visit, talk_id, asked)
        text = found.script if form == "script" else found.story
        headers = {"Content-Disposition": f'attachment; filename="talk-{form}-{talk_id.hex[-6:]}.yml"'}
        return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)

    return router


def _read(connection: Connection, visit: Visit, talk_id: str, asked: Asked, is_demo: bool) -> Saved | None:
    business_id = connection.scalar(sa.select(conversations.c.business_id).where(conversations.c.id == talk_id))
    if business_id is None or not visit.member.may(Act.READ_TALKS, business_id):
        return None
    if not visit.member.may(Act.TEACH, business_id):
        raise MayNot
    talk = read_talk(connection, talk_id, asked.first, asked.last)
    if talk is None or not talk.exchanges:
        return None
    audit.keep(
        connection,
        Deed.TALK_EXPORTED,
        visit.now,
        member_id=visit.member.id,
        business_id=business_id,
        subject=("talk", talk_id),
        address=visit.address,
    )
    name = " ".join(asked.name.split()) or suggested_name(talk, is_demo=is_demo)
    written = {form: write(talk, name, is_demo=is_demo) for form, write in FORMS.items()}
    marks = written["script"].count(f"# {MARK}")
    return Saved(talk=talk, headings=headings(connection, talk_id), name=name, marks=marks, **written)
