"""One talk beside the list: read as the person saw it, with what stands behind each message."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy.engine import Connection

from server.desk.door import needs
from server.desk.inbox import finding
from server.desk.inbox.finding import OpenTalk
from server.desk.inbox.routes import AskedFor, body_of, list_of, page_of, version_of
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act, audit
from staff.audit import Deed

type Reading = Annotated[Visit, needs(Act.READ_TALKS)]


def talk_routes(desk: Desk) -> APIRouter:
    """GET /talks/{id} and its pieces."""
    router = APIRouter(prefix="/talks")
    database = desk.parts.database

    async def found_or_404(visit: Visit, talk_id: UUID, **where: str | None) -> OpenTalk:
        found = await database.read(finding.find_talk, visit, str(talk_id), **where)
        if found is None:
            raise HTTPException(404)
        return found

    @router.get("/{talk_id}")
    async def one(
        visit: Reading, talk_id: UUID, asked: AskedFor, turn: UUID | None = None, older: UUID | None = None
    ) -> Response:
        """A talk beside the list; that it was opened is kept."""
        around, before = (None if each is None else str(each) for each in (turn, older))
        found = await found_or_404(visit, talk_id, around=around, before=before)
        await database.write(_opened, visit, found, str(talk_id))
        shown = await database.read(page_of, visit, asked, found.house)
        shown |= list_of(desk, visit, shown, str(talk_id))
        shown |= _talk(desk, visit, found) | {"turn": turn, "older": older}
        return desk.page(visit, "inbox/talks.html", **shown)

    @router.get("/{talk_id}/now")
    async def now(visit: Reading, talk_id: UUID, seen: str = "") -> Response:
        """A talk as it is now; 204 where that is what is seen."""
        found = await found_or_404(visit, talk_id)
        shown = _talk(desk, visit, found)
        if shown["talk_version"] == seen:
            return Response(status_code=204)
        return desk.piece(visit, "inbox/lines.html", **shown, turn=None, older=None)

    return router


def _talk(desk: Desk, visit: Visit, found: OpenTalk) -> dict[str, Any]:
    may_review = visit.member.may(Act.REVIEW, found.house.id)
    body = body_of(desk, visit, "inbox/bubbles.html", open=found)
    return {"open": found, "talk_body": body, "talk_version": version_of(body), "may_review": may_review}


def _opened(connection: Connection, visit: Visit, found: OpenTalk, talk_id: str) -> None:
    audit.keep(
        connection,
        Deed.TALK_OPENED,
        visit.now,
        member_id=visit.member.id,
        business_id=found.house.id,
        subject=("talk", talk_id),
        address=visit.address,
    )
