"""Messages: those that wait or are under way, and the page of one, with what it said and its story."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy.engine import Connection, Row

from notifications.explain import explain
from notifications.lanes import Lane
from notifications.outbox import text_of
from notifications.tables import IS_IN_FLIGHT, IS_QUEUED, messages
from server.desk.console import sought
from server.desk.console.sought import Sought
from server.desk.console.stories import told
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep

type Looker = Annotated[Visit, needs(Act.READ_MESSAGES)]
type Which = Literal["all", "queued", "underway"]

MOST: Final = 50
"""Of one page; of one lane, where they wait."""

_COLUMNS: Final = ("id", "business_id", "channel", "lane", "origin", "status", "created_at", "is_test")
_SHOWN: Final[sa.Select[Any]] = sa.select(*(messages.c[name] for name in _COLUMNS))


def message_routes(desk: Desk) -> APIRouter:
    """/messages and one of them."""
    router, pages = APIRouter(prefix="/messages"), _Messages(desk)
    router.get("")(pages.listed)
    router.get("/{message_id}")(pages.show)
    return router


class _Messages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def listed(
        self,
        visit: Looker,
        asked: Annotated[Sought, Query()],
        which: Which = "all",
        lane: Lane | None = None,
        before: UUID | None = None,
    ) -> Response:
        """The newest first, a page at a time; or those that leave next, or are under way. Without their words."""
        if asked.narrows:
            return await self._sought(visit, asked, str(before) if before else None)
        reach = visit.member.reach(Act.READ_MESSAGES)
        theirs = _theirs(reach)
        following = None
        if which == "queued":
            rows = await self._database.read(_queued, theirs, [lane] if lane else list(Lane))
        elif which == "underway":
            rows = await self._database.read(_under_way, reach)
        else:
            rows = await self._database.read(_newest, theirs, str(before) if before else None)
            following = rows[-1].id if len(rows) == MOST else None
        return self._desk.page(visit, "console/messages.html", rows=rows, which=which, following=following, asked=asked)

    async def _sought(self, visit: Visit, asked: Sought, before: str | None) -> Response:
        """Those of one business that went in a certain way."""
        theirs = visit.of(visit.member.reach(Act.READ_MESSAGES))
        house = next((each for each in theirs if asked.business in ("", each.slug)), None)
        if house is None:
            raise MayNot
        rows = await self._database.read(sought.find, _SHOWN, house, asked, before, MOST, visit.now)
        following = rows[-1].id if len(rows) == MOST else None
        return self._desk.page(
            visit, "console/messages.html", rows=rows, which="sought", following=following, asked=asked
        )

    async def show(self, visit: Looker, message_id: UUID) -> Response:
        """One message: what it says, and why it stands where it stands. That somebody looked is kept."""
        row = await self._database.read(_one, str(message_id))
        if row is None:
            raise HTTPException(404)
        if not visit.member.may(Act.READ_MESSAGES, row.business_id):
            raise MayNot
        story = await self._database.write(_opened, visit, row)
        is_dead = row.status == "failed" and row.closed_at is None
        return self._desk.page(
            visit,
            "console/message.html",
            message=row,
            text=row.said or text_of(row.payload) or "",
            story=told(story),
            may_mend=is_dead and visit.member.may(Act.MEND_MESSAGES, row.business_id),
        )


def business_of(connection: Connection, message_id: str) -> str | None:
    """Whose message this is; None when there is none."""
    found: str | None = connection.scalar(sa.select(messages.c.business_id).where(messages.c.id == message_id))
    return found


def _theirs(reach: Collection[str] | None) -> sa.ColumnElement[bool]:
    """What narrows a list to businesses."""
    return sa.true() if reach is None else messages.c.business_id.in_(sorted(reach))


def _newest(connection: Connection, theirs: sa.ColumnElement[bool], before: str | None) -> Sequence[Row[Any]]:
    m = messages.c
    older = sa.true() if before is None else m.id < before
    return connection.execute(_SHOWN.where(theirs, older).order_by(m.id.desc()).limit(MOST)).all()


def _queued(connection: Connection, theirs: sa.ColumnElement[bool], lanes: Sequence[Lane]) -> Sequence[Row[Any]]:
    """Those that leave next of each lane, in the order of their index: a campaign may have a million waiting."""
    m, found = messages.c, list[Row[Any]]()
    for lane in lanes:
        due = _SHOWN.where(IS_QUEUED, m.lane == lane, theirs).order_by(m.run_at, m.id).limit(MOST)
        found.extend(connection.execute(due).all())
    return found


def _under_way(connection: Connection, reach: Collection[str] | None) -> Sequence[Row[Any]]:
    """Those whose answer should come first. They are found before it is asked whose they are: they are few."""
    found = _SHOWN.add_columns(messages.c.lease_until).where(IS_IN_FLIGHT)
    flying = found.cte("flying").prefix_with("MATERIALIZED")
    narrowed: sa.Select[Any] = sa.select(flying).order_by(flying.c.lease_until).limit(MOST)
    if reach is not None:
        narrowed = narrowed.where(flying.c.business_id.in_(sorted(reach)))
    return connection.execute(narrowed).all()


def _one(connection: Connection, message_id: str) -> Row[Any] | None:
    return connection.execute(sa.select(messages).where(messages.c.id == message_id)).one_or_none()


def _opened(connection: Connection, visit: Visit, row: Row[Any]) -> dict[str, Any]:
    keep(
        connection,
        Deed.MESSAGE_OPENED,
        visit.now,
        member_id=visit.member.id,
        business_id=row.business_id,
        subject=("message", row.id),
        address=visit.address,
    )
    return explain(connection, row.id) or {"story": []}
