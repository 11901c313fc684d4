"""Taking back what is planned: one, or all of a day, a slice at a time."""

import time
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Query, Response
from sqlalchemy.engine import Connection

from notifications.plans import ahead
from notifications.plans.calling_off import call_off, call_off_plans
from notifications.plans.cancelling import NOTHING, cancel_message
from notifications.status import Status
from notifications.tables import messages, notifications
from server.desk import words as spoken
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.plans.asked import Asked, houses_of
from server.desk.plans.days import span_of
from server.desk.visit import House, Visit
from staff import Act
from staff.audit import Deed, keep
from storage.types import new_id

type Changer = Annotated[Visit, needs(Act.CHANGE_PLANS)]

COUNTED: Final = 100_000
"""How far it is counted before it is confirmed."""

AT_ONCE_SECONDS: Final = 1.5
"""How long one request takes back; the page asks for the next by itself, and says how far it is."""


class Going(Asked):
    """A calling off that was confirmed."""

    made_before: UUID
    """What was planned after that stays."""
    gone: Annotated[int, Form(ge=0)] = 0
    """How many were taken back by now."""


def calling_off_routes(desk: Desk) -> APIRouter:
    """POST /plans/one/{kind}/{id}, GET and POST /plans/days/{day}/call-off."""
    router, pages = APIRouter(prefix="/plans"), _CallingOff(desk)
    router.post("/one/{kind}/{one_id}")(pages.one)
    router.get("/days/{day}/call-off")(pages.ask)
    router.post("/days/{day}/call-off")(pages.go_on)
    return router


class _CallingOff:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def one(
        self,
        visit: Changer,
        kind: Literal["plan", "message"],
        one_id: UUID,
        asked: Annotated[Asked, Form()],
        day: Annotated[date, Form()],
    ) -> Response:
        """Take one back; on to its day."""
        business_id = await self._database.read(_business_of, kind, str(one_id))
        if business_id is None:
            raise HTTPException(404)
        if not visit.member.may(Act.CHANGE_PLANS, business_id):
            raise MayNot
        is_gone = await self._database.write(_call_off_one, visit, kind, business_id, str(one_id))
        query = asked.model_dump(exclude_defaults=True)
        return self._desk.go(f"/plans/days/{day}", done=f"plans.done.{'one' if is_gone else 'too_late'}", **query)

    async def ask(self, visit: Changer, day: date, asked: Annotated[Asked, Query()]) -> Response:
        """How many it would be."""
        _, house = houses_of(visit, asked.business, Act.CHANGE_PLANS)
        span = span_of(day, house.timezone, visit.now)
        [count] = await self._database.read(ahead.counts, asked.wanted(house), [span], COUNTED)
        return self._page(visit, house, day, asked, count=count, made_before=new_id(), gone=0, is_over=False)

    async def go_on(self, visit: Changer, day: date, asked: Annotated[Going, Form()]) -> Response:
        """Take back what can be in a moment; the page goes on until nothing is left."""
        _, house = houses_of(visit, asked.business, Act.CHANGE_PLANS)
        gone, is_over, ends_at = asked.gone, False, time.monotonic() + AT_ONCE_SECONDS
        while not is_over and time.monotonic() < ends_at:
            done = await self._database.write(_call_off_slice, visit, house, day, asked, is_first=gone == 0)
            is_over, gone = done is None, gone + (done or 0)
        return self._page(
            visit, house, day, asked, count=None, made_before=str(asked.made_before), gone=gone, is_over=is_over
        )

    def _page(self, visit: Visit, house: House, day: date, asked: Asked, **told: Any) -> Response:
        title = spoken.day(day, visit.language, "day")
        return self._desk.page(visit, "plans/call_off.html", house=house, day=day, title=title, asked=asked, **told)


def _business_of(connection: Connection, kind: str, one_id: str) -> str | None:
    table = notifications if kind == "plan" else messages
    found: str | None = connection.scalar(sa.select(table.c.business_id).where(table.c.id == one_id))
    return found


def _call_off_one(connection: Connection, visit: Visit, kind: str, business_id: str, one_id: str) -> bool:
    """Whether it was in time."""
    if kind == "plan":
        is_gone = call_off_plans(connection, [one_id], visit.now).notifications > 0
    else:
        is_gone = cancel_message(connection, business_id, one_id, visit.now) is Status.CANCELLED
    if is_gone:
        subject = ("notification" if kind == "plan" else "message", one_id)
        _keep(connection, visit, Deed.PLAN_CALLED_OFF, business_id, subject)
    return is_gone


def _call_off_slice(
    connection: Connection, visit: Visit, house: House, day: date, asked: Going, *, is_first: bool
) -> int | None:
    """How many were taken back; None where none was left. Kept once in the audit, with the first of them."""
    span = span_of(day, house.timezone, visit.now)
    done = call_off(connection, asked.wanted(house), span, str(asked.made_before), visit.now)
    if done == NOTHING:
        return None
    if is_first:
        _keep(connection, visit, Deed.PLANS_CALLED_OFF, house.id, ("day", day.isoformat()))
    return done.notifications + done.messages


def _keep(connection: Connection, visit: Visit, deed: Deed, business_id: str, subject: tuple[str, str]) -> None:
    keep(
        connection,
        deed,
        visit.now,
        member_id=visit.member.id,
        business_id=business_id,
        subject=subject,
        address=visit.address,
    )
