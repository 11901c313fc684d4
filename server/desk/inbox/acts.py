"""What a reader does with a talk: mark it, tag it, note something."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from conversations.review import noting
from conversations.review.noting import BadNote
from server.desk.door import MayNot, needs
from server.desk.inbox import finding
from server.desk.page import Desk
from server.desk.visit import Visit
from server.parts import utc_now
from staff import Act

type Reviewing = Annotated[Visit, needs(Act.REVIEW)]
type Text = Annotated[str, Form(max_length=5000)]


def act_routes(desk: Desk) -> APIRouter:
    """POST /talks/…"""
    router = APIRouter(prefix="/talks")
    database = desk.parts.database

    async def done(visit: Visit, talk_id: UUID, place: str, act: Callable[[Connection, str], None]) -> Response:
        """Do it, where the reader may, and show the talk's row or head as it is then."""
        found = await database.write(_do, visit, str(talk_id), act)
        if found is None:
            raise HTTPException(404)
        template = "inbox/row.html" if place == "row" else "inbox/head.html"
        shown = {"row": found.row, "open": found, "opened": "", "may_review": True, "query": ""}
        return desk.piece(visit, template, **shown)

    @router.post("/{talk_id}/status")
    async def status(visit: Reviewing, talk_id: UUID, status: Text = "", place: Text = "") -> Response:
        """Unread, reviewed, or saved for later."""
        return await done(visit, talk_id, place, lambda c, _: noting.set_status(c, str(talk_id), status))

    @router.post("/{talk_id}/flag")
    async def flag(visit: Reviewing, talk_id: UUID, flagged: Text = "", place: Text = "") -> Response:
        """Flag it, or take the flag away."""
        return await done(visit, talk_id, place, lambda c, _: noting.set_flag(c, str(talk_id), flagged == "yes"))

    @router.post("/{talk_id}/tags")
    async def tag(visit: Reviewing, talk_id: UUID, name: Text = "", colour: Text = "grey") -> Response:
        """Tag it."""
        return await done(visit, talk_id, "", lambda c, house: noting.tag(c, house, str(talk_id), name, colour))

    @router.post("/{talk_id}/tags/{tag_id}/drop")
    async def untag(visit: Reviewing, talk_id: UUID, tag_id: UUID) -> Response:
        """Take a tag off."""
        return await done(visit, talk_id, "", lambda c, _: noting.untag(c, str(talk_id), str(tag_id)))

    @router.post("/{talk_id}/notes")
    async def note(visit: Reviewing, talk_id: UUID, text: Text = "") -> Response:
        """Write something for colleagues."""
        by: dict[str, Any] = {"member_id": visit.member.id, "author": visit.member.name, "now": utc_now()}
        return await done(visit, talk_id, "", lambda c, house: noting.note(c, house, str(talk_id), text, **by))

    return router


def _do(connection: Connection, visit: Visit, talk_id: str, act: Callable[[Connection, str], None]) -> Any:
    found = finding.find_row(connection, visit, talk_id)
    if found is None:
        return None
    house, _ = found
    if not visit.member.may(Act.REVIEW, house.id):
        raise MayNot
    try:
        act(connection, house.id)
    except BadNote:
        raise HTTPException(422) from None
    return finding.find_talk(connection, visit, talk_id)
