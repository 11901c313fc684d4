"""The page of one talk: what was said, what the assistant knew, and answering in its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from channels.whatsapp import window
from channels.whatsapp.messages import InvalidMessage, Text, to_payload
from conversations import handoffs
from conversations.handoffs import Held, NobodyThere, NotYours, TakenByAnother, WindowClosed
from conversations.tables import handoffs as table
from notifications.outbox import MessageOutbox
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.team.history import Said, history
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep
from staff.tables import staff_members
from storage.tables import conversations, subscribers

type Answerer = Annotated[Visit, needs(Act.ANSWER)]
type Wanted = Literal["take", "take_from", "finish", "reopen", "back"]

DONE = {
    "take": "team.done.taken",
    "take_from": "team.done.taken",
    "finish": "team.done.finished",
    "reopen": "team.done.reopened",
    "back": "team.done.back",
}
REFUSED: dict[type[Exception], str] = {
    TakenByAnother: "team.done.another",
    NotYours: "team.done.not_yours",
    WindowClosed: "team.done.closed_window",
    InvalidMessage: "team.done.unsayable",
}
"""What a no reads like; the page then shows how things stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the page shows."""

    id: str
    business_id: str
    person: str | None
    language: str | None
    held: Held | None
    agent: str | None
    """Who has it, by name."""
    summary: dict[str, Any]
    open_until: datetime | None
    """Until when words of our own may be sent; None when they may not."""
    said: list[Said]

    @property
    def state(self) -> str:
        """bot, waiting, human or closing."""
        return self.held.state if self.held else "bot"


def talk_routes(desk: Desk) -> APIRouter:
    """/team/{conversation_id} and below."""
    router, pages = APIRouter(prefix="/team/{conversation_id}"), _Talks(desk)
    router.get("")(pages.show)
    router.get("/said")(pages.said)
    router.post("")(pages.change)
    router.post("/say")(pages.say)
    return router


class _Talks:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Answerer, conversation_id: UUID) -> Response:
        """The talk. That somebody looked is kept."""
        talk = await self._read(visit, conversation_id)
        await self._database.write(_keep, visit, Deed.TALK_OPENED, talk)
        return self._desk.page(visit, "team/talk.html", talk=talk)

    async def said(self, visit: Answerer, conversation_id: UUID) -> Response:
        """What changes while one looks at it."""
        return self._desk.piece(visit, "team/said.html", talk=await self._read(visit, conversation_id))

    async def change(self, visit: Answerer, conversation_id: UUID, act: Annotated[Wanted, Form()]) -> Response:
        """Take the talk up, end it, or give it back."""
        talk = await self._read(visit, conversation_id)
        try:
            await self._database.write(_change, visit, talk, act)
        except tuple(REFUSED) as error:
            return self._back(talk, REFUSED[type(error)])
        self._desk.parts.wakeup.signal("handoffs")
        return self._back(talk, DONE[act])

    async def say(
        self, visit: Answerer, conversation_id: UUID, text: Annotated[str, Form(max_length=10_000)] = ""
    ) -> Response:
        """Answer the person."""
        talk = await self._read(visit, conversation_id)
        try:
            payload = to_payload(Text(body=text.replace("\r\n", "\n").strip()))
            await self._database.write(handoffs.say, MessageOutbox(), talk.id, visit.member.id, [payload], visit.now)
        except tuple(REFUSED) as error:
            return self._back(talk, REFUSED[type(error)])
        self._desk.parts.wakeup.signal("messages")
        return self._back(talk)

    async def _read(self, visit: Visit, conversation_id: UUID) -> Talk:
        talk = await self._database.read(_read, str(conversation_id), visit.now)
        if talk is None:
            raise HTTPException(404)
        if not visit.member.may(Act.ANSWER, talk.business_id):
            raise MayNot
        return talk

    def _back(self, talk: Talk, done: str | None = None) -> Response:
        return self._desk.go(f"/team/{talk.id}", done=done)


def _change(connection: Connection, visit: Visit, talk: Talk, act: Wanted) -> None:
    member = visit.member.id
    try:
        match act:
            case "take" | "take_from":
                handoffs.take(connection, talk.id, member, visit.now, from_another=act == "take_from")
                _keep(connection, visit, Deed.TALK_TAKEN_OVER, talk)
            case "finish":
                handoffs.finish(connection, talk.id, member)
            case "reopen":
                handoffs.reopen(connection, talk.id, member)
            case "back":
                handoffs.give_back(connection, talk.id, visit.now)
                _keep(connection, visit, Deed.TALK_HANDED_BACK, talk)
    except NobodyThere:
        raise HTTPException(404) from None


def _keep(connection: Connection, visit: Visit, deed: Deed, talk: Talk) -> None:
    told: dict[str, Any] = {"business_id": talk.business_id, "subject": ("talk", talk.id)}
    keep(connection, deed, visit.now, member_id=visit.member.id, address=visit.address, **told)


def _read(connection: Connection, conversation_id: str, now: datetime) -> Talk | None:
    c = conversations.c
    row = connection.execute(
        sa.select(c.business_id, c.last_inbound_at, subscribers.c.name, subscribers.c.locale)
        .join(subscribers, subscribers.c.id == c.subscriber_id)
        .where(c.id == conversation_id, c.merged_into.is_(None))
    ).one_or_none()
    if row is None:
        return None
    held = handoffs.held(connection, conversation_id)
    agent, summary = _held_by(connection, held)
    until = None if row.last_inbound_at is None else row.last_inbound_at + window.WINDOW - window.MARGIN
    return Talk(
        id=conversation_id,
        business_id=row.business_id,
        person=row.name,
        language=row.locale,
        held=held,
        agent=agent,
        summary=summary,
        open_until=until if window.is_open(row.last_inbound_at, now) else None,
        said=list(history(connection, conversation_id)),
    )


def _held_by(connection: Connection, held: Held | None) -> tuple[str | None, dict[str, Any]]:
    if held is None:
        return None, {}
    agent = connection.scalar(sa.select(staff_members.c.name).where(staff_members.c.id == held.agent_id))
    return agent, dict(connection.scalar(sa.select(table.c.summary).where(table.c.id == held.id)) or {})
