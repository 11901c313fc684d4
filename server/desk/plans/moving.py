"""Moving an appointment, or whatever else plans hang on: what was done stays done, what is left follows it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection, Row

from notifications.plans.moving import Move
from notifications.plans.plan import State
from notifications.tables import notifications
from notifications.triggering import TriggerDesk
from notifications.workflows import Anchor, read_anchor
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.plans.days import FARTHEST
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep

type Changer = Annotated[Visit, needs(Act.CHANGE_PLANS)]


def moving_routes(desk: Desk) -> APIRouter:
    """GET and POST /plans/{notification_id}/move."""
    router, pages = APIRouter(prefix="/plans/{notification_id}/move"), _Moving(desk)
    router.get("")(pages.ask)
    router.post("")(pages.move)
    return router


class _Moving:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def ask(self, visit: Changer, notification_id: UUID) -> Response:
        """When it begins now, and how many plans hang on it."""
        return await self._page(visit, await self._found(visit, notification_id))

    async def move(
        self, visit: Changer, notification_id: UUID, starts_at: Annotated[str, Form(max_length=40)]
    ) -> Response:
        """Move it, and every plan of the same key that hangs on it; on to the day of the new time."""
        row = await self._found(visit, notification_id)
        wanted = _moment(starts_at, self._anchor(visit, row))
        if wanted is None or not visit.now < wanted < visit.now + FARTHEST:
            return await self._page(visit, row, wrong=True)
        triggers = self._desk.parts.triggers
        moved = await self._database.write(_move, visit, triggers, row, wanted)
        triggers.wake()
        return self._desk.go(f"/notifications/{row.id}", done=f"plans.done.{'moved' if moved else 'too_late'}")

    async def _found(self, visit: Visit, notification_id: UUID) -> Row[Any]:
        row = await self._database.read(_one, str(notification_id))
        if row is None or not row.anchor or row.state != State.ACTIVE:
            raise HTTPException(404)
        if not visit.member.may(Act.CHANGE_PLANS, row.business_id):
            raise MayNot
        return row

    def _anchor(self, visit: Visit, row: Row[Any]) -> Anchor:
        return read_anchor(row.anchor, visit.houses[row.business_id].timezone)

    async def _page(self, visit: Visit, row: Row[Any], *, wrong: bool = False) -> Response:
        anchor = self._anchor(visit, row)
        others = await self._database.read(_hanging, row)
        status = 422 if wrong else 200
        return self._desk.page(visit, "plans/move.html", status, row=row, anchor=anchor, others=others, wrong=wrong)


def _moment(told: str, anchor: Anchor) -> datetime | None:
    """What the field of the form says, by the clock of the appointment; None for no moment."""
    try:
        return datetime.fromisoformat(told).replace(tzinfo=ZoneInfo(str(anchor.starts_at.tzinfo)))
    except ValueError:
        return None


def _one(connection: Connection, notification_id: str) -> Row[Any] | None:
    return connection.execute(sa.select(notifications).where(notifications.c.id == notification_id)).one_or_none()


def _hanging(connection: Connection, row: Row[Any]) -> int:
    """How many plans were set off with its key, and would move with it."""
    if row.cancellation_key is None:
        return 1
    n = notifications.c
    where = (n.business_id == row.business_id, n.cancellation_key == row.cancellation_key, n.state == State.ACTIVE)
    anchors = connection.scalars(sa.select(n.anchor).where(*where))
    return sum(bool(each) and _names(each) == _names(row.anchor) for each in anchors)


def _names(anchor: Any) -> tuple[Any, Any]:
    return anchor.get("type"), anchor.get("id")


def _move(connection: Connection, visit: Visit, triggers: TriggerDesk, row: Row[Any], wanted: datetime) -> bool:
    """Whether anything was moved."""
    wish = Move(
        key=row.cancellation_key,
        anchor={**row.anchor, "starts_at": wanted.isoformat(), "timezone": str(wanted.tzinfo)},
        notification_id=row.id if row.cancellation_key is None else None,
    )
    moved = any(each.is_moved for each in triggers.move_within(connection, row.business_id, wish))
    if moved:
        keep(
            connection,
            Deed.ANCHOR_MOVED,
            visit.now,
            member_id=visit.member.id,
            business_id=row.business_id,
            subject=("notification", row.id),
            address=visit.address,
        )
    return moved
