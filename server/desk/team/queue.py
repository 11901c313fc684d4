"""The page Team: who waits for a human, what each agent has, and finding the talk of somebody who calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from conversations.tables import HANDOFF_IS_OPEN, handoffs, inbound_messages
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act
from staff.tables import staff_members
from storage.tables import businesses, conversations, subscribers
from trade.hours import opening

type Answerer = Annotated[Visit, needs(Act.ANSWER)]

MOST: Final = 200
"""Open talks on the page: more than a team has at once."""

LATELY: Final = 200
"""Messages that are looked through for the talks with the bot that were written in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open hand-off, as a line of the page."""

    conversation_id: str
    business_id: str
    person: str | None
    state: str
    reason: str
    language: str
    priority: int
    agent_id: str | None
    agent: str | None
    asked_at: datetime
    unanswered_since: datetime | None
    summary: dict[str, Any]

    @property
    def since(self) -> datetime:
        """Since when the person waits: for anybody, or for an answer."""
        return self.unanswered_since or self.asked_at


def queue_routes(desk: Desk) -> APIRouter:
    """/team, and the piece of it that is asked for again and again."""
    router, pages = APIRouter(prefix="/team"), _Queue(desk)
    router.get("")(pages.show)
    router.get("/lists")(pages.lists)
    return router


class _Queue:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Answerer) -> Response:
        """Everything."""
        return self._desk.page(visit, "team/queue.html", **await self._values(visit))

    async def lists(self, visit: Answerer) -> Response:
        """What changes while one looks at it."""
        return self._desk.piece(visit, "team/lists.html", **await self._values(visit))

    async def _values(self, visit: Visit) -> dict[str, Any]:
        reach = visit.member.reach(Act.ANSWER)
        opened = await self._database.read(open_talks, reach)
        lately = await self._database.read(_with_bot, reach)
        waiting = [each for each in opened if each.state == "waiting"]
        held = [each for each in opened if each.state != "waiting"]
        mine = [each for each in held if each.agent_id == visit.member.id]
        others = [each for each in held if each.agent_id != visit.member.id]
        hours = await self._database.read(_hours, reach)
        closed = [(name, opens) for name, opens in ((name, _opens(each, visit.now)) for name, each in hours) if opens]
        return {"waiting": waiting, "mine": mine, "others": others, "lately": lately, "closed": closed}


def open_talks(connection: Connection, reach: Collection[str] | None) -> Sequence[Waiting]:
    """Talks that wait for a human or have one, the most urgent first."""
    h = handoffs.c
    own = [name for name in Waiting.__dataclass_fields__ if name not in ("person", "agent")]
    rows = connection.execute(
        sa.select(*(h[name] for name in own), subscribers.c.name.label("person"), staff_members.c.name.label("agent"))
        .join(conversations, conversations.c.id == h.conversation_id)
        .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .outerjoin(staff_members, staff_members.c.id == h.agent_id)
        .where(HANDOFF_IS_OPEN, _within(h.business_id, reach))
        .order_by(h.priority.desc(), h.asked_at, h.id)
        .limit(MOST)
    )
    return [Waiting(**row._asdict()) for row in rows]


def _with_bot(connection: Connection, reach: Collection[str] | None) -> Sequence[Any]:
    """Talks with the bot in which somebody wrote lately, the newest first."""
    c, i = conversations.c, inbound_messages.c
    lately = (
        sa.select(i.conversation_id)
        .where(i.conversation_id.is_not(None), _within(i.business_id, reach))
        .order_by(i.id.desc())
        .limit(LATELY)
        .subquery()
    )
    return connection.execute(
        sa.select(c.id, c.business_id, c.last_inbound_at, subscribers.c.name.label("person"))
        .join(subscribers, subscribers.c.id == c.subscriber_id)
        .where(
            c.id.in_(sa.select(lately.c.conversation_id)),
            ~sa.exists().where(handoffs.c.conversation_id == c.id, HANDOFF_IS_OPEN),
            c.last_inbound_at.is_not(None),
        )
        .order_by(c.last_inbound_at.desc())
    ).all()


def _hours(
    connection: Connection, reach: Collection[str] | None
) -> Sequence[tuple[str, tuple[Mapping[str, str], str]]]:
    """Of each business: its name, and its hours with their timezone."""
    b = businesses.c
    rows = connection.execute(sa.select(b.name, b.hours, b.timezone).where(_within(b.id, reach)).order_by(b.name, b.id))
    return [(row.name, (row.hours or {}, row.timezone)) for row in rows]


def _opens(hours: tuple[Mapping[str, str], str], now: datetime) -> datetime | None:
    """When it opens, where it is closed now and ever opens."""
    return opening(hours[0].items(), now.astimezone(ZoneInfo(hours[1]))).opens_at


def _within(column: sa.ColumnElement[Any], reach: Collection[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if reach is None else column.in_(list(reach))
