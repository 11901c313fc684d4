"""The feed of notifications, the newest first, and the story of one."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy.engine import Connection, Row

from notifications.notification_story import explain_notification
from notifications.plans.plan import State
from notifications.tables import NOTIFICATION_IS_ACTIVE, NOTIFICATION_WENT_ASTRAY, messages, notifications
from server.desk.console.stories import told
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act

type Looker = Annotated[Visit, needs(Act.READ_MESSAGES)]
type Key = Annotated[str, Query(max_length=64, pattern="^[a-z0-9_-]*$")]

MOST: Final = 50
"""Of one page."""


def notification_routes(desk: Desk) -> APIRouter:
    """/notifications and one of them."""
    router, pages = APIRouter(prefix="/notifications"), _Notifications(desk)
    router.get("")(pages.listed)
    router.get("/{notification_id}")(pages.show)
    return router


class _Notifications:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def listed(
        self, visit: Looker, state: State | None = None, subscriber: UUID | None = None, before: UUID | None = None
    ) -> Response:
        """A page of them: all, those in one state, or those of one person."""
        reach = visit.member.reach(Act.READ_MESSAGES)
        asked = {"state": state, "subscriber_id": subscriber}
        rows = await self._database.read(_listed, reach, asked, str(before) if before else None)
        chosen = [f"{name}={value}" for name, value in (("state", state), ("subscriber", subscriber)) if value]
        return self._desk.page(
            visit,
            "console/notifications.html",
            rows=rows,
            state=state or "",
            states_there=list(State),
            query="&".join(chosen),
            following=rows[-1].id if len(rows) == MOST else None,
        )

    async def show(self, visit: Looker, notification_id: UUID) -> Response:
        """One: what set it off, and why it went as it did."""
        row, made, story = await self._database.read(_one, str(notification_id))
        if row is None:
            raise HTTPException(404)
        if not visit.member.may(Act.READ_MESSAGES, row.business_id):
            raise MayNot
        return self._desk.page(visit, "console/notification.html", row=row, made=made, story=told(story))


def _listed(
    connection: Connection, reach: Collection[str] | None, asked: dict[str, Any], before: str | None
) -> Sequence[Row[Any]]:
    n = notifications.c
    where: list[Any] = []
    state: State | None = asked["state"]
    if state is State.ACTIVE:
        where.append(NOTIFICATION_IS_ACTIVE)
    elif state is not None:
        where.append(n.state == state)
        if state is not State.DONE:
            # Said as their index says it: they are few, and found without reading past the others.
            where.append(NOTIFICATION_WENT_ASTRAY)
    if asked["subscriber_id"] is not None:
        where.append(n.subscriber_id == str(asked["subscriber_id"]))
    if reach is not None:
        where.append(n.business_id.in_(sorted(reach)))
    if before is not None:
        where.append(n.id < before)
    shown: sa.Select[Any] = sa.select(
        n.id, n.business_id, n.workflow, n.state, n.source, n.created_at, n.next_at, n.is_test, n.error
    )
    return connection.execute(shown.where(*where).order_by(n.id.desc()).limit(MOST)).all()


def _one(connection: Connection, notification_id: str) -> tuple[Any, Sequence[Any], dict[str, Any]]:
    n, m = notifications.c, messages.c
    row = connection.execute(sa.select(notifications).where(n.id == notification_id)).one_or_none()
    made = connection.execute(
        sa.select(m.id, m.channel, m.status, m.created_at).where(m.notification_id == notification_id).order_by(m.id)
    ).all()
    return row, made, explain_notification(connection, notification_id) or {"story": []}
