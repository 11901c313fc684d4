"""Answering in a talk: words, files, kept answers, templates; all by the one road of what leaves."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, HTTPException, Request, Response, UploadFile
from sqlalchemy.engine import Connection

from channels.whatsapp.messages import InvalidMessage, to_payload
from channels.whatsapp.templates.filling import fill, preview
from conversations import handoffs, sent_files
from conversations.handoffs import NotYours, TakenByAnother, WindowClosed, canned
from conversations.sent_files import SentFile
from notifications.outbox import MessageOutbox
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.team.answer_box import Draft, answer_box
from server.desk.team.files import MAX_FILES, BadFile, kept_file, messages_of
from server.desk.team.reading import Talk, read_talk
from server.desk.team.showing import talk_page
from server.desk.visit import Visit
from staff import Act
from storage.files import FilesError

type Answerer = Annotated[Visit, needs(Act.ANSWER)]

MAX_TEXT: Final = 10_000
"""Characters of a form's field: more than a message holds, so that who wrote too much is told how much it may be."""

REFUSED: Final[dict[type[Exception], str]] = {
    TakenByAnother: "another",
    NotYours: "not_yours",
    WindowClosed: "closed_window",
    InvalidMessage: "unsayable",
}
"""Why nothing was sent, by the name of its words; what was written stays in the box."""


def answer_routes(desk: Desk) -> APIRouter:
    """POST /team/{conversation_id}/say and what leads to it."""
    router, pages = APIRouter(prefix="/team/{conversation_id}"), _Answers(desk)
    router.post("/say")(pages.say)
    router.post("/files")(pages.attach)
    router.get("/canned")(pages.canned)
    router.get("/template")(pages.template)
    router.post("/template")(pages.send_template)
    return router


class _Answers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def say(
        self,
        visit: Answerer,
        conversation_id: UUID,
        text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
        file: Annotated[list[UUID], Form(max_length=MAX_FILES)] = [],  # noqa: B006 - FastAPI copies it
    ) -> Response:
        """Answer the person with words, files or both."""
        talk = await read_talk(self._database, visit, conversation_id)
        words = text.replace("\r\n", "\n").strip()
        files = await self._database.read(_files, talk.id, [str(each) for each in file])
        open_places = canned.left_open(words)
        if open_places:
            named = ", ".join(f"{{{name}}}" for name in open_places)
            return await self._refused(visit, talk, Draft(text=text, files=files), "open_places", names=named)
        try:
            payloads = [to_payload(each) for each in messages_of(words, files)]
            await self._database.write(_say, visit, talk, payloads, None, "transactional")
        except tuple(REFUSED) as error:
            return await self._refused(visit, talk, Draft(text=text, files=files), REFUSED[type(error)])
        return self._sent(talk)

    async def attach(
        self, visit: Answerer, conversation_id: UUID, upload: Annotated[UploadFile | None, File()] = None
    ) -> Response:
        """Keep a file that is to be sent; it leaves with the answer."""
        talk = await read_talk(self._database, visit, conversation_id)
        if upload is None:
            raise HTTPException(422)
        try:
            file = await kept_file(self._desk.parts.media.files, talk, visit.member.id, upload)
        except BadFile as error:
            return self._desk.piece(visit, "team/file.html", 422, talk=talk, file=None, error=error)
        except FilesError:
            away = BadFile("storage", upload.filename or "")
            return self._desk.piece(visit, "team/file.html", 503, talk=talk, file=None, error=away)
        await self._database.write(sent_files.add, file, talk.business_id, visit.now)
        return self._desk.piece(visit, "team/file.html", talk=talk, file=file, error=None)

    async def canned(self, visit: Answerer, conversation_id: UUID, q: str = "") -> Response:
        """Kept answers whose shortcut begins so, in the person's language, filled in."""
        talk = await read_talk(self._database, visit, conversation_id)
        values = talk.values(visit.member.name)
        found = await self._database.read(canned.search, talk.business_id, q[:40])
        texts = [
            (each.shortcut, canned.fill(each.text(talk.language, talk.default_language), values)) for each in found
        ]
        shown = [(shortcut, text, canned.left_open(text)) for shortcut, text in texts]
        may_write = visit.member.may(Act.ASSIGN, talk.business_id)
        return self._desk.piece(visit, "team/canned.html", found=shown, asked=q, may_write=may_write)

    async def template(self, visit: Answerer, conversation_id: UUID, request: Request) -> Response:
        """The form of a template, filled in as far as it is, and how it reads."""
        talk = await read_talk(self._database, visit, conversation_id)
        box = await answer_box(self._desk, visit, talk, _draft(request.query_params))
        return self._desk.piece(visit, "team/template.html", talk=talk, box=box)

    async def send_template(self, visit: Answerer, conversation_id: UUID, request: Request) -> Response:
        """Send it; who answers opens the window again."""
        talk = await read_talk(self._database, visit, conversation_id)
        draft = _draft(await request.form())
        box = await answer_box(self._desk, visit, talk, draft)
        if box.chosen is None:
            return await self._refused(visit, talk, draft, "no_template")
        definition = box.chosen.definition
        missing = [name for name in definition.variables if not draft.values.get(name, "").strip()]
        if missing:
            return await self._refused(visit, talk, draft, "open_places", names=", ".join(missing))
        values = {name: draft.values[name].strip() for name in definition.variables}
        category = "marketing" if box.chosen.category == "marketing" else "transactional"
        try:
            payload = to_payload(fill(definition, values))
            await self._database.write(_say, visit, talk, [payload], preview(definition, values), category)
        except InvalidMessage as error:
            return await self._refused(visit, talk, draft, "bad_value", names=error.field.removeprefix("values."))
        except tuple(REFUSED) as error:
            return await self._refused(visit, talk, draft, REFUSED[type(error)])
        return self._sent(talk)

    def _sent(self, talk: Talk) -> Response:
        self._desk.parts.wakeup.signal("messages")
        return self._desk.go(f"/team/{talk.id}")

    async def _refused(self, visit: Visit, talk: Talk, draft: Draft, why: str, **names: str) -> Response:
        """The page again, with what was written and why it was not sent."""
        problem = self._desk.words(visit)["team"]["refused"][why].format(**names)
        kept = Draft(text=draft.text, files=draft.files, template=draft.template, values=draft.values, problem=problem)
        # How things stand by now: a colleague may have it.
        now = await read_talk(self._database, visit, UUID(talk.id))
        return await talk_page(self._desk, visit, now, kept, 409)


def _say(
    connection: Connection, visit: Visit, talk: Talk, payloads: list[dict[str, Any]], said: str | None, category: str
) -> None:
    member = visit.member.id
    handoffs.say(connection, MessageOutbox(), talk.id, member, payloads, visit.now, said=said, category=category)


def _files(connection: Connection, talk_id: str, ids: list[str]) -> list[SentFile]:
    found = (sent_files.find(connection, each, talk_id) for each in ids)
    return [each for each in found if each is not None]


def _draft(form: Any) -> Draft:
    values = {name.removeprefix("v."): str(value) for name, value in form.items() if name.startswith("v.")}
    return Draft(template=str(form.get("template", "")), values=values)
