"""The page of one talk: what was said, who has it; taking it up, giving it to a colleague, noting, giving it back."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from conversations import handoffs
from conversations.handoffs import NobodyThere, NotYours, TakenByAnother
from conversations.review import noting
from conversations.review.noting import BadNote
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.team.answer_box import answer_box
from server.desk.team.reading import Talk, colleagues, read_talk
from server.desk.team.showing import log_of, talk_page
from server.desk.visit import Visit
from server.handoff_news import HandoffNews
from staff import Act
from staff.audit import Deed, keep

type Answerer = Annotated[Visit, needs(Act.ANSWER)]
type Wanted = Literal["take", "take_from", "finish", "reopen", "back"]

DONE: Final = {
    "take": "team.done.taken",
    "take_from": "team.done.taken",
    "finish": "team.done.finished",
    "reopen": "team.done.reopened",
    "back": "team.done.back",
}
REFUSED: Final[dict[type[Exception], str]] = {
    TakenByAnother: "team.done.another",
    NotYours: "team.done.not_yours",
    BadNote: "team.done.bad_note",
}
"""What a no reads like; the page then shows how things stand."""


def talk_routes(desk: Desk) -> APIRouter:
    """/team/{conversation_id} and below."""
    router, pages = APIRouter(prefix="/team/{conversation_id}"), _Talks(desk)
    router.get("")(pages.show)
    router.get("/said")(pages.said)
    router.get("/answer")(pages.answer)
    router.post("")(pages.change)
    router.post("/here")(pages.here)
    router.post("/note")(pages.note)
    router.post("/assign")(pages.assign)
    router.post("/priority")(pages.prefer)
    return router


class _Talks:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Answerer, conversation_id: UUID, older: UUID | None = None) -> Response:
        """The talk, or what is older than this message of it. That somebody looked is kept."""
        talk = await read_talk(self._database, visit, conversation_id, None if older is None else str(older))
        await self._database.write(_keep, visit, Deed.TALK_OPENED, talk)
        return await talk_page(self._desk, visit, talk)

    async def said(self, visit: Answerer, conversation_id: UUID, seen: str = "") -> Response:
        """What changes while one looks at it; 204 where that is what is seen."""
        shown = log_of(self._desk, visit, await read_talk(self._database, visit, conversation_id))
        if shown["version"] == seen:
            return Response(status_code=204)
        return self._desk.piece(visit, "team/said.html", **shown)

    async def answer(self, visit: Answerer, conversation_id: UUID) -> Response:
        """The box to answer in, as it is now: for words, for a template, or for nothing."""
        talk = await read_talk(self._database, visit, conversation_id)
        box = await answer_box(self._desk, visit, talk)
        return self._desk.piece(visit, "team/answer.html", talk=talk, box=box)

    async def here(self, visit: Answerer, conversation_id: UUID, typing: Annotated[str, Form()] = "") -> Response:
        """This member looks at the talk, and types or not; who else does."""
        talk = await read_talk(self._database, visit, conversation_id)
        found = await self._database.write(handoffs.watching.watch, talk.id, visit.member.id, is_typing=bool(typing))
        names = dict(await self._database.read(colleagues, talk.business_id)) if found else {}
        watchers = [(names.get(each.member_id, "–"), each.is_typing) for each in found]
        return self._desk.piece(visit, "team/watchers.html", talk=talk, watchers=watchers)

    async def change(self, visit: Answerer, conversation_id: UUID, act: Annotated[Wanted, Form()]) -> Response:
        """Take the talk up, end it, or give it back."""
        talk = await read_talk(self._database, visit, conversation_id)
        try:
            await self._database.write(_change, visit, talk, act, self._desk.parts.handoff_news)
        except tuple(REFUSED) as error:
            return self._back(talk, REFUSED[type(error)])
        self._wake()
        return self._back(talk, DONE[act])

    async def note(self, visit: Answerer, conversation_id: UUID, text: Annotated[str, Form()] = "") -> Response:
        """Write something for colleagues; the person never sees it."""
        talk = await read_talk(self._database, visit, conversation_id)
        by: dict[str, Any] = {"member_id": visit.member.id, "author": visit.member.name, "now": visit.now}
        try:
            await self._database.write(noting.note, talk.business_id, talk.id, text, **by)
        except BadNote as error:
            return self._back(talk, REFUSED[type(error)])
        return self._back(talk, "team.done.noted")

    async def assign(
        self, visit: Answerer, conversation_id: UUID, to: Annotated[UUID | None, Form()] = None
    ) -> Response:
        """Let a colleague have it: who has it may, and who may give talks to others."""
        talk = await read_talk(self._database, visit, conversation_id)
        if not (talk.is_of(visit.member.id) or visit.member.may(Act.ASSIGN, talk.business_id)):
            raise MayNot
        known = dict(await self._database.read(colleagues, talk.business_id))
        if str(to) not in known:
            raise HTTPException(422)
        await self._database.write(_assign, visit, talk, str(to), self._desk.parts.handoff_news)
        self._wake()
        return self._back(talk, "team.done.assigned")

    async def prefer(
        self, visit: Answerer, conversation_id: UUID, priority: Annotated[int, Form(ge=-9, le=9)] = 0
    ) -> Response:
        """Let it come before others in the queue, or after them."""
        talk = await read_talk(self._database, visit, conversation_id)
        try:
            await self._database.write(handoffs.prefer, talk.id, priority)
        except tuple(REFUSED) as error:
            return self._back(talk, REFUSED[type(error)])
        return self._back(talk, "team.done.preferred")

    def _wake(self) -> None:
        for topic in ("handoffs", "messages"):
            self._desk.parts.wakeup.signal(topic)

    def _back(self, talk: Talk, done: str) -> Response:
        return self._desk.go(f"/team/{talk.id}", done=done)


def _change(connection: Connection, visit: Visit, talk: Talk, act: Wanted, news: HandoffNews) -> None:
    member = visit.member.id
    try:
        match act:
            case "take" | "take_from":
                taken = handoffs.take(connection, talk.id, member, visit.now, from_another=act == "take_from")
                news.tell(connection, "taken", taken.id, visit.now)
                _keep(connection, visit, Deed.TALK_TAKEN_OVER, talk)
            case "finish":
                handoffs.finish(connection, talk.id, member)
            case "reopen":
                handoffs.reopen(connection, talk.id, member)
            case "back":
                if handoffs.give_back(connection, talk.id, visit.now) and talk.held is not None:
                    news.tell(connection, "returned", talk.held.id, visit.now)
                _keep(connection, visit, Deed.TALK_HANDED_BACK, talk)
    except NobodyThere:
        raise HTTPException(404) from None


def _assign(connection: Connection, visit: Visit, talk: Talk, to: str, news: HandoffNews) -> None:
    given = handoffs.assign(connection, talk.id, to, visit.now)
    news.tell(connection, "taken", given.id, visit.now)
    _keep(connection, visit, Deed.TALK_ASSIGNED, talk)


def _keep(connection: Connection, visit: Visit, deed: Deed, talk: Talk) -> None:
    told: dict[str, Any] = {"business_id": talk.business_id, "subject": ("talk", talk.id)}
    keep(connection, deed, visit.now, member_id=visit.member.id, address=visit.address, **told)
