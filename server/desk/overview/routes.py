"""The page Overview, and each of its tables as a file."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Response
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.engine import Connection

from server.desk.door import MayNot, needs
from server.desk.overview.finding import Found, find
from server.desk.overview.links import Links
from server.desk.overview.period import Choice, chosen
from server.desk.overview.tables import as_csv
from server.desk.page import Desk
from server.desk.visit import House, Visit
from server.desk.words import Words
from server.watching import depths
from staff import Act

type Watcher = Annotated[Visit, needs(Act.READ_FIGURES)]


class Asked(BaseModel):
    """The query of the page."""

    business: Annotated[str, Field(max_length=63)] = ""
    period: Choice = "today"
    since: Annotated[date | None, BeforeValidator(lambda value: value or None)] = None
    until: Annotated[date | None, BeforeValidator(lambda value: value or None)] = None

    def address(self, house: House, **changes: Any) -> str:
        """The same query with these changes."""
        given = {"business": house.slug, **self.model_dump(mode="json", exclude_none=True, exclude={"business"})}
        return urlencode({**given, **changes})


def overview_routes(desk: Desk) -> APIRouter:
    """GET /overview and GET /overview/{table}.csv."""
    router = APIRouter(prefix="/overview")
    database = desk.parts.database

    @router.get("")
    async def overview(visit: Watcher, asked: Annotated[Asked, Query()]) -> Response:
        """The page."""
        return desk.page(visit, "overview/overview.html", **await database.read(_read, visit, asked, desk.words(visit)))

    @router.get("/{table}.csv")
    async def listed(visit: Watcher, table: str, asked: Annotated[Asked, Query()]) -> Response:
        """One of its tables as a file."""
        words = desk.words(visit)
        shown = await database.read(_read, visit, asked, words)
        found: Found = shown["found"]
        if table not in found.tables:
            raise HTTPException(404)
        period = shown["period"]
        name = f"{shown['house'].slug}-{table}-{period.first}-{period.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        return Response(
            "\ufeff" + as_csv(found.tables[table], words), media_type="text/csv; charset=utf-8", headers=headers
        )

    return router


def _read(connection: Connection, visit: Visit, asked: Asked, words: Words) -> Mapping[str, Any]:
    houses, house = _house(visit, asked.business)
    period = chosen(asked.period, asked.since, asked.until, house, visit.now)
    links = Links(
        house,
        period,
        to_messages=visit.member.may(Act.READ_MESSAGES, house.id),
        to_talks=visit.member.may(Act.READ_TALKS, house.id),
    )
    found = find(connection, house, period, links, words, visit.language, visit.now)
    # What waits is told of the whole house, as on the page Health.
    waits = depths.read(connection) if visit.member.may(Act.READ_HEALTH) else None
    return {"found": found, "house": house, "houses": houses, "period": period, "asked": asked, "waits": waits}


def _house(visit: Visit, slug: str) -> tuple[list[House], House]:
    """The businesses whose figures this member may see, and the one asked for, else the first. Raises MayNot."""
    houses = visit.of(visit.member.reach(Act.READ_FIGURES))
    found = next((each for each in houses if each.slug == slug), houses[0] if houses and not slug else None)
    if found is None:
        raise MayNot
    return houses, found
