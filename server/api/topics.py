"""Topics and broadcasts over the API: sets of people, and saying one thing to all of them."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.engine import Connection

from conversations.merge import merge
from notifications import topics
from notifications.topics import Broadcasting
from notifications.triggering import BadRecipient, Workflows
from server.api.bodies import StrictRoute
from server.api.callers import MayNotify, MayReadMessages, MayReadSubscribers, MayWriteSubscribers
from server.api.mending import FieldError
from server.api.notifications import TakenBack
from server.api.once import Answer, IdempotencyKey, Once
from server.api.pages import DEFAULT_LIMIT, Limit
from server.api.problems import not_found
from server.api.recipients import field_errors_of, recipient_of, refused
from server.api.refusals import refusals
from server.api.topic_shapes import (
    BroadcastBegun,
    BroadcastShown,
    Members,
    MembersAdded,
    MembersRemoved,
    MembersShown,
    NewBroadcast,
    NewTopic,
    TopicShown,
    TopicsShown,
)
from server.parts import Parts

TopicKey = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        description="How you call it: letters, digits, dots, dashes",
        examples=["weekly-offers"],
    ),
]


def topic_routes(parts: Parts, once: Once) -> APIRouter:
    """/v1/topics and below."""
    router = APIRouter(prefix="/v1/topics", tags=["topics"], route_class=StrictRoute)
    _keep_topics(router, parts)
    _keep_members(router, parts, once)
    return router


def broadcast_routes(parts: Parts, once: Once, workflows: Workflows) -> APIRouter:
    """/v1/broadcasts and below."""
    router = APIRouter(prefix="/v1/broadcasts", tags=["topics"], route_class=StrictRoute)

    @router.post("", status_code=202, response_model=BroadcastBegun, responses=refusals(404, 409))
    async def begin(caller: MayNotify, wanted: NewBroadcast, request: Request, _key: IdempotencyKey = None) -> Response:
        """Set a workflow off for everybody who belongs to a topic, in batches that delay nobody's courier."""
        business_id = caller.needs_business()
        wish = Broadcasting(
            business_id=business_id,
            topic=wanted.topic,
            workflow=wanted.workflow,
            payload=wanted.payload,
            category=wanted.category,
            routing=wanted.routing.model_dump(exclude_none=True) if wanted.routing else None,
            cancellation_key=wanted.cancellation_key,
            expires_at=wanted.expires_at,
            is_test=caller.is_test,
            api_key_id=caller.key_id,
        )

        def work(connection: Connection) -> Answer:
            return Answer(
                status_code=202, body={"id": topics.begin(connection, wish, workflows)}, wakes=("broadcasts",)
            )

        return await once.answer(request, business_id, work)

    @router.get("/{broadcast_id}", response_model=BroadcastShown, responses=refusals(404))
    async def look(caller: MayReadMessages, broadcast_id: UUID) -> Any:
        """How far it is."""
        found = await parts.database.read(topics.broadcast, caller.needs_business(), str(broadcast_id))
        if found is None:
            raise not_found("broadcast")
        return asdict(found)

    @router.post("/{broadcast_id}/cancel", response_model=TakenBack, responses=refusals(404, 409))
    async def cancel(caller: MayNotify, broadcast_id: UUID, request: Request, _key: IdempotencyKey = None) -> Response:
        """End it, and take back what has not left. Again changes nothing."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            done = topics.cancel_broadcast(connection, business_id, str(broadcast_id))
            if done is None:
                raise not_found("broadcast")
            return Answer(status_code=200, body=asdict(done))

        return await once.answer(request, business_id, work)

    return router


def _keep_topics(router: APIRouter, parts: Parts) -> None:
    @router.get("", response_model=TopicsShown, responses=refusals())
    async def look(
        caller: MayReadSubscribers,
        after: Annotated[str, Query(max_length=128, pattern=r"^[A-Za-z0-9._-]*$", description="`next`")] = "",
        limit: Limit = DEFAULT_LIMIT,
    ) -> Any:
        """Every topic, by its key."""
        business_id = caller.needs_business()
        found = await parts.database.read(topics.topics_of, business_id, after_key=after, limit=limit)
        return {"data": [asdict(each) for each in found], "next": found[-1].key if len(found) == limit else None}

    @router.put("/{topic}", response_model=TopicShown, responses=refusals())
    async def keep(caller: MayWriteSubscribers, topic: TopicKey, wanted: NewTopic) -> Any:
        """Make a topic, or give it another name."""
        return asdict(await parts.database.write(topics.put_topic, caller.needs_business(), topic, wanted.name))

    @router.get("/{topic}", response_model=TopicShown, responses=refusals(404))
    async def one(caller: MayReadSubscribers, topic: TopicKey) -> Any:
        """One topic, and how many belong to it."""
        return asdict(await parts.database.read(topics.topic, caller.needs_business(), topic))

    @router.delete("/{topic}", status_code=204, responses=refusals(404, 409))
    async def forget(caller: MayWriteSubscribers, topic: TopicKey) -> None:
        """Forget a topic and who belongs to it. 409 where broadcasts went to it."""
        await parts.database.write(topics.delete_topic, caller.needs_business(), topic)


def _keep_members(router: APIRouter, parts: Parts, once: Once) -> None:
    @router.get("/{topic}/members", response_model=MembersShown, responses=refusals(404))
    async def look(
        caller: MayReadSubscribers, topic: TopicKey, after: UUID | None = None, limit: Limit = DEFAULT_LIMIT
    ) -> Any:
        """Who belongs to it."""
        after_id = None if after is None else str(after)
        found = await parts.database.read(
            topics.members, caller.needs_business(), topic, after_id=after_id, limit=limit
        )
        more = found[-1].subscriber_id if len(found) == limit else None
        return {"data": [asdict(each) for each in found], "next": more}

    @router.post("/{topic}/members", response_model=MembersAdded, responses=refusals(404, 409))
    async def add(
        caller: MayWriteSubscribers, topic: TopicKey, wanted: Members, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Let people belong to it: all of them, or, where one is wrongly named, none."""
        business_id, people = caller.needs_business(), [recipient_of(each) for each in wanted.members]

        def work(connection: Connection) -> Answer:
            met = topics.add_members(connection, business_id, topic, people, merge)
            if errors := _errors(met):
                raise refused(errors)
            return Answer(status_code=200, body={"subscriber_ids": met}, wakes=())

        return await once.answer(request, business_id, work)

    @router.post("/{topic}/members/remove", response_model=MembersRemoved, responses=refusals(404, 409))
    async def remove(
        caller: MayWriteSubscribers, topic: TopicKey, wanted: Members, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Let people no longer belong to it; whoever is not known does not anyhow."""
        business_id, people = caller.needs_business(), [recipient_of(each) for each in wanted.members]

        def work(connection: Connection) -> Answer:
            removed = topics.remove_members(connection, business_id, topic, people)
            return Answer(status_code=200, body={"removed": removed}, wakes=())

        return await once.answer(request, business_id, work)


def _errors(met: list[str | BadRecipient]) -> list[FieldError]:
    found = [(index, each) for index, each in enumerate(met) if isinstance(each, BadRecipient)]
    errors = [error for index, each in found for error in field_errors_of(each, index)]
    return [FieldError(field=f"members{each.field[2:]}", problem=each.problem, mend=each.mend) for each in errors]
