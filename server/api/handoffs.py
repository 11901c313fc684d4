"""Talks for a human over the API, for teams that answer people in a system of their own: seen, taken up, answered,
given back."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.engine import Connection

from channels.whatsapp.limits import MAX_TEXT_BODY
from channels.whatsapp.messages import InvalidMessage, Text, to_payload
from conversations import handoffs
from conversations.handoffs import Handoff, HandoffError, NotYours, TakenByAnother, WindowClosed
from notifications.outbox import MessageOutbox
from server.api.bodies import StrictRoute
from server.api.callers import Caller, MayReadHandoffs, MayWriteHandoffs
from server.api.handoff_shapes import HandoffShown, HandoffsShown, Queued, SaidsShown, State, Wording
from server.api.once import Answer, IdempotencyKey, Once
from server.api.problems import Problem, invalid, not_found
from server.api.refusals import refusals
from server.api.said import said_after
from server.parts import Parts, utc_now

MOST = 100
"""Talks in one answer: more than a team takes up in an hour."""


def handoff_routes(parts: Parts, once: Once) -> APIRouter:
    """/v1/handoffs and below."""
    router = APIRouter(prefix="/v1/handoffs", tags=["handoffs"], route_class=StrictRoute)
    _look(router, parts)
    _act(router, parts, once)
    return router


def _look(router: APIRouter, parts: Parts) -> None:
    @router.get("", response_model=HandoffsShown, responses=refusals())
    async def listed(caller: MayReadHandoffs, state: State | None = "waiting") -> Any:
        """Talks that wait for a human, or are in another state; with what the assistant knew."""
        found = await parts.database.read(handoffs.listed, MOST, state=state, business_id=caller.business_id)
        return {"data": [asdict(each) for each in found]}

    @router.get("/{handoff_id}", response_model=HandoffShown, responses=refusals(404))
    async def one(caller: MayReadHandoffs, handoff_id: UUID) -> Any:
        """One talk and what the assistant knew."""
        return asdict(await parts.database.read(_known, caller, handoff_id))

    @router.get("/{handoff_id}/messages", response_model=SaidsShown, responses=refusals(404))
    async def messages(
        caller: MayReadHandoffs,
        handoff_id: UUID,
        after: Annotated[UUID | None, Query(description="The id of the last one that is known")] = None,
    ) -> Any:
        """What was said in the talk, also before the human was asked for; the newest hundred, or those after one."""
        talk = await parts.database.read(_known, caller, handoff_id)
        found = await parts.database.read(said_after, talk.conversation_id, None if after is None else str(after))
        return {"data": found}


def _act(router: APIRouter, parts: Parts, once: Once) -> None:
    acts = _Acts(parts, once)

    @router.post("/{handoff_id}/take", response_model=HandoffShown, responses=refusals(404, 409))
    async def take(
        caller: MayWriteHandoffs, handoff_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Have the talk: the assistant is silent from now on. 409 where somebody else has it."""
        return await acts.answer(caller, handoff_id, request, acts.take)

    @router.post("/{handoff_id}/messages", response_model=Queued, responses=refusals(404, 409))
    async def say(
        caller: MayWriteHandoffs, handoff_id: UUID, wanted: Wording, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Answer the person. A talk that waits is taken up by that. 409 once they have not written for 24 hours."""
        try:
            payload = to_payload(Text(body=wanted.text.strip()))
        except InvalidMessage as error:
            raise invalid("text", error.problem, f"Send 1 to {MAX_TEXT_BODY} characters.") from None
        return await acts.answer(caller, handoff_id, request, partial(acts.say, payload))

    @router.post("/{handoff_id}/return", response_model=HandoffShown, responses=refusals(404, 409))
    async def give_back(
        caller: MayWriteHandoffs, handoff_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Give the talk back: the assistant answers again, and knows what was said. Again changes nothing."""
        return await acts.answer(caller, handoff_id, request, acts.give_back)


type Act = Callable[[Connection, Handoff, str], dict[str, Any]]
"""What is done with a talk in the name of an agent; what is answered."""


class _Acts:
    def __init__(self, parts: Parts, once: Once) -> None:
        self._parts = parts
        self._once = once

    async def answer(self, caller: Caller, handoff_id: UUID, request: Request, act: Act) -> Response:
        """Do it once. A key answers in its own name, the operator in that of nobody."""
        business_id = caller.needs_business()
        if caller.is_test:
            raise Problem(
                "conflict", "A test key answers nobody, since nothing of it leaves the house. Use a live key."
            )

        def work(connection: Connection) -> Answer:
            talk = _known(connection, caller, handoff_id)
            try:
                body = act(connection, talk, caller.key_id or talk.id)
            except HandoffError as error:
                raise Problem("conflict", _words(error)) from None
            return Answer(status_code=200, body=body, wakes=("messages", "handoffs"))

        return await self._once.answer(request, business_id, work)

    def take(self, connection: Connection, talk: Handoff, agent: str) -> dict[str, Any]:
        """Have it."""
        if talk.state == "closed":
            raise NotYours
        handoffs.take(connection, talk.conversation_id, agent, utc_now())
        if talk.agent_id != agent:
            self._parts.handoff_news.tell(connection, "taken", talk.id, utc_now())
        return _written(connection, talk)

    def say(self, payload: dict[str, Any], connection: Connection, talk: Handoff, agent: str) -> dict[str, Any]:
        """Answer, and have it where nobody had."""
        if talk.state == "waiting":
            self.take(connection, talk, agent)
        if talk.state == "closed":
            raise NotYours
        now = utc_now()
        [message_id] = handoffs.say(connection, MessageOutbox(), talk.conversation_id, agent, [payload], now)
        return {"message_id": message_id}

    def give_back(self, connection: Connection, talk: Handoff, agent: str) -> dict[str, Any]:
        """The assistant has it again."""
        if talk.agent_id not in (None, agent) and talk.state != "closed":
            raise TakenByAnother(str(talk.agent_id))
        if talk.state != "closed" and handoffs.give_back(connection, talk.conversation_id, utc_now()):
            self._parts.handoff_news.tell(connection, "returned", talk.id, utc_now())
        return _written(connection, talk)


def _known(connection: Connection, caller: Caller, handoff_id: UUID) -> Handoff:
    found = handoffs.listed(connection, 1, state=None, business_id=caller.business_id, handoff_id=str(handoff_id))
    if not found:
        raise not_found("handoff")
    return found[0]


def _written(connection: Connection, talk: Handoff) -> dict[str, Any]:
    """As it is by now."""
    [found] = handoffs.listed(connection, 1, state=None, handoff_id=talk.id)
    return HandoffShown.model_validate(asdict(found)).model_dump(mode="json")


def _words(error: HandoffError) -> str:
    match error:
        case TakenByAnother():
            return "Somebody else has this talk. Nothing was sent."
        case WindowClosed():
            return "The person has not written for 24 hours: WhatsApp takes a template alone. Nothing was sent."
        case _:
            return "The assistant has this talk again. Nothing was sent."
