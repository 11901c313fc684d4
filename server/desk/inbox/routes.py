"""The list of talks, and the piece that keeps it up to date."""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from sqlalchemy.engine import Connection

from conversations.review.listing import MOST_COUNTED
from server.desk.door import MayNot, needs
from server.desk.inbox import finding
from server.desk.inbox.asked import VIEWS, Asked
from server.desk.inbox.finding import LATE_SECONDS
from server.desk.page import Desk
from server.desk.visit import House, Visit
from staff import Act

type Reading = Annotated[Visit, needs(Act.READ_TALKS)]
type AskedFor = Annotated[Asked, Query()]


def list_routes(desk: Desk) -> APIRouter:
    """GET /talks and /talks/list."""
    router = APIRouter(prefix="/talks")
    database = desk.parts.database

    @router.get("")
    async def talks(visit: Reading, asked: AskedFor) -> Response:
        """The list."""
        shown = await database.read(page_of, visit, asked, None)
        return desk.page(visit, "inbox/talks.html", **shown, **list_of(desk, visit, shown, ""), open=None)

    @router.get("/list")
    async def listed(visit: Reading, asked: AskedFor, seen: str = "", opened: UUID | None = None) -> Response:
        """The list as it is now; 204 where that is what is seen."""
        shown = await database.read(_list, visit, asked)
        told = list_of(desk, visit, shown, str(opened or ""))
        if told["version"] == seen:
            return Response(status_code=204)
        return desk.piece(visit, "inbox/list.html", **shown, **told)

    return router


def house_of(visit: Visit, slug: str = "") -> House:
    """The business whose talks are shown: the one that is named, else the reader's first. Raises MayNot."""
    theirs = visit.of(visit.member.reach(Act.READ_TALKS))
    found = next((house for house in theirs if house.slug == slug), theirs[0] if theirs and not slug else None)
    if found is None:
        raise MayNot
    return found


def page_of(connection: Connection, visit: Visit, asked: Asked, house: House | None) -> dict[str, Any]:
    """What the left side of a page shows; at this business, else at the one that is asked for."""
    shown = _list(connection, visit, asked, house)
    choices = finding.find_choices(connection, visit, shown["found"].house)
    houses = visit.of(visit.member.reach(Act.READ_TALKS))
    return {**shown, "choices": choices, "houses": houses, "views": VIEWS, "live": asked.before is None}


def _list(connection: Connection, visit: Visit, asked: Asked, house: House | None = None) -> dict[str, Any]:
    found = finding.find_list(connection, visit, house or house_of(visit, asked.business), asked)
    may_review = visit.member.may(Act.REVIEW, found.house.id)
    is_late = found.late_seconds > LATE_SECONDS
    known = {"may_review": may_review, "most_counted": MOST_COUNTED}
    return {"found": found, "asked": asked, "is_late": is_late, **known}


def list_of(desk: Desk, visit: Visit, shown: dict[str, Any], opened: str) -> dict[str, Any]:
    """The list as a piece, beside this open talk ("" for none), and what tells it from a later one."""
    body = body_of(desk, visit, "inbox/rows.html", opened=opened, **shown)
    return {"body": body, "version": version_of(body), "opened": opened}


def body_of(desk: Desk, visit: Visit, template: str, **values: Any) -> Markup:
    """A piece, rendered, to stand in another one."""
    # It was rendered with everything escaped.
    return Markup(bytes(desk.piece(visit, template, **values).body).decode())  # noqa: S704


def version_of(body: str) -> str:
    """What a page shows to be told whether a piece is another one by now."""
    return sha256(body.encode()).hexdigest()[:16]
