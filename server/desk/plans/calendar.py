"""The page Plans ahead: a month or a week, and how much leaves on each of its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator
from sqlalchemy.engine import Connection

from notifications.plans import ahead
from notifications.plans.ahead import Count
from server.desk import words as spoken
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.plans.asked import ALL_CATEGORIES, Asked, houses_of
from server.desk.plans.days import View, leaf, span_of, today_at
from server.desk.visit import Visit
from staff import Act

type Looker = Annotated[Visit, needs(Act.READ_MESSAGES)]


class Leafed(Asked):
    """Also which month or week."""

    view: View = "month"
    day: Annotated[date | None, BeforeValidator(lambda value: value or None)] = None


@dataclass(frozen=True, slots=True)
class Day:
    """One of the calendar."""

    day: date
    name: str
    """Such as "Tuesday 24 November"."""
    count: Count | None
    """None where it is over, or of another month."""
    share: int
    """Of the fullest day, in per cent."""
    is_today: bool


def calendar_routes(desk: Desk) -> APIRouter:
    """GET /plans."""
    router = APIRouter()

    @router.get("/plans")
    async def calendar(visit: Looker, asked: Annotated[Leafed, Query()]) -> Response:
        """The page."""
        return desk.page(visit, "plans/calendar.html", **await desk.parts.database.read(_read, visit, asked))

    return router


def _read(connection: Connection, visit: Visit, asked: Leafed) -> Mapping[str, Any]:
    houses, house = houses_of(visit, asked.business)
    shown = leaf(asked.view, asked.day, today_at(house.timezone, visit.now))
    wanted = asked.wanted(house)
    spans = [span_of(day, house.timezone, visit.now) for day in shown.ahead]
    counts = dict(zip(shown.ahead, ahead.counts(connection, wanted, spans), strict=True))
    fullest = max((each.all for each in counts.values()), default=0)
    following = None if fullest else ahead.first(connection, wanted, visit.now if not spans else spans[-1][1])
    return {
        "houses": houses,
        "house": house,
        "asked": asked,
        "leaf": shown,
        "title": spoken.day(shown.first, visit.language, "month" if shown.view == "month" else "day"),
        "weekdays": [spoken.day(day, visit.language, "weekday") for day in shown.days[:7]],
        "days": [_day(day, visit, counts.get(day), fullest, is_today=day == shown.today) for day in shown.days],
        "is_empty": not fullest,
        "following": None if following is None else today_at(house.timezone, following),
        "workflows": ahead.workflows(connection, house.id),
        "categories": ALL_CATEGORIES,
    }


def _day(day: date, visit: Visit, count: Count | None, fullest: int, *, is_today: bool) -> Day:
    share = 0 if count is None or not count.all else max(4, 100 * count.all // fullest)
    return Day(day, spoken.day(day, visit.language, "day"), count, share, is_today)
