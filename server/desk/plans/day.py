"""The page of a day: what leaves on it, in order, to whom, and why then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.engine import Connection, Row

from notifications.plans import ahead, versions
from notifications.plans.ahead import Place, Wanted, is_resting
from notifications.plans.routing import BadRouting, steps_of
from notifications.plans.waiting import Waiting, Why, waiting
from notifications.workflows import WorkflowError, read_anchor
from server.desk import words as spoken
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.plans.asked import ALL_CATEGORIES, Asked, houses_of
from server.desk.plans.days import span_of
from server.desk.visit import House, Visit
from staff import Act

type Looker = Annotated[Visit, needs(Act.READ_MESSAGES)]

MOST: Final = 50
"""Of one page."""


class Listed(Asked):
    """Also where the page begins: a moment and an id, as `Planned.place` says them."""

    after: Annotated[str, Query(max_length=80)] = ""

    @property
    def place(self) -> Place | None:
        """The same; None for the first page, or for what is no place."""
        at, _, own = self.after.partition("_")
        try:
            moment, known = datetime.fromisoformat(at), UUID(own)
        except ValueError:
            return None
        return None if moment.tzinfo is None else Place(at=moment, id=str(known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A row of the page: a plan that goes on then, or a message that leaves then."""

    kind: str
    """plan or message"""
    id: str
    at: datetime
    why: Why
    waiting: Waiting | None
    """Of a plan whose workflow this Relais can still read."""
    channels: Sequence[str]
    workflow: str | None
    category: str
    subscriber_id: str | None
    name: str | None = field(repr=False)
    starts_at: datetime | None
    """When what it hangs on begins."""
    is_test: bool

    @property
    def place(self) -> str:
        """Where the page behind it begins."""
        return f"{self.at.isoformat()}_{self.id}"


def day_routes(desk: Desk) -> APIRouter:
    """GET /plans/days/{day}."""
    router = APIRouter()

    @router.get("/plans/days/{day}")
    async def listed(visit: Looker, day: date, asked: Annotated[Listed, Query()]) -> Response:
        """A page of it, the first that leaves first."""
        return desk.page(visit, "plans/day.html", **await desk.parts.database.read(_read, visit, day, asked))

    return router


def _read(connection: Connection, visit: Visit, day: date, asked: Listed) -> Mapping[str, Any]:
    houses, house = houses_of(visit, asked.business)
    wanted, span = asked.wanted(house), span_of(day, house.timezone, visit.now)
    [count] = ahead.counts(connection, wanted, [span])
    rows = planned(connection, visit, house, wanted, span, asked.place)
    return {
        "houses": houses,
        "house": house,
        "asked": asked,
        "day": day,
        "title": spoken.day(day, visit.language, "day"),
        "count": count,
        "rows": rows[:MOST],
        "following": rows[MOST - 1].place if len(rows) > MOST else None,
        "workflows": ahead.workflows(connection, house.id),
        "categories": ALL_CATEGORIES,
        "may_change": visit.member.may(Act.CHANGE_PLANS, house.id),
    }


def planned(
    connection: Connection, visit: Visit, house: House, wanted: Wanted, span: ahead.Span, after: Place | None
) -> list[Planned]:
    """One more than fits a page, so that it is known whether there is another. Names for those alone who may know."""
    most = MOST + 1
    found = [_plan(connection, row, house) for row in ahead.plans(connection, wanted, span, after, most)]
    found += [_message(row) for row in ahead.put_off(connection, wanted, span, after, most)]
    return list(islice(sorted(found, key=lambda each: (each.at, each.id)), most))


def _plan(connection: Connection, row: Row[Any], house: House) -> Planned:
    try:
        steps = steps_of(versions.kept(connection, row.version_id), row.routing)
        waits = waiting(steps, row.position, row.progress, row.failures)
    except (WorkflowError, BadRouting):
        waits = None
    return Planned(
        kind="plan",
        id=row.id,
        at=row.next_at,
        why=waits.why if waits is not None else Why.TURN,
        waiting=waits,
        channels=waits.channels if waits is not None else (),
        workflow=row.workflow,
        category=row.category,
        subscriber_id=row.subscriber_id,
        name=row.name,
        starts_at=read_anchor(row.anchor, house.timezone).starts_at if row.anchor else None,
        is_test=row.is_test,
    )


def _message(row: Row[Any]) -> Planned:
    return Planned(
        kind="message",
        id=row.id,
        at=row.run_at,
        why=Why.QUIET if is_resting(row) else Why.RETRY if row.error_code is not None else Why.TURN,
        waiting=None,
        channels=(row.channel,),
        workflow=row.workflow,
        category=row.category,
        subscriber_id=row.subscriber_id,
        name=row.name,
        starts_at=None,
        is_test=row.is_test,
    )
