"""Setting workflows off over the API: for one or some people, for many at once, and taking it back."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.engine import Connection

from notifications.triggering import Outcome, Rehearsal, Trigger, TriggerDesk, Triggered, TriggerError
from server.api.bodies import StrictRoute
from server.api.callers import Caller, Doorkeeper, MayNotify
from server.api.fields import written
from server.api.mending import FieldError
from server.api.notify_shapes import About, Accepted, Bulk, BulkResults, Notify, Rehearsed
from server.api.once import Answer, IdempotencyKey, Once
from server.api.recipients import Person, field_errors_of, recipient_of, refused
from server.api.refusals import refusals
from storage.types import new_id

MOST_REHEARSED: Final = 10
"""Recipients of one dry run."""

REHEARSED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Rehearsed, "description": "With `dry_run`: what would be decided and said"}
}

TOPICS: Final = ("messages", "plans")


def notify_routes(desk: TriggerDesk, once: Once, doorkeeper: Doorkeeper) -> APIRouter:
    """POST /v1/notify and /v1/notify/bulk."""
    router = APIRouter(prefix="/v1/notify", tags=["notify"], route_class=StrictRoute)

    @router.post("", status_code=202, response_model=Accepted, responses=refusals(409) | REHEARSED)
    async def notify(caller: MayNotify, wanted: Notify, request: Request, _key: IdempotencyKey = None) -> Response:
        """Set a workflow off for one person or up to a hundred: for all of them, or, where one is wrong, for none.

        With `dry_run` the answer tells per person what would be decided, and what would be queued, in their words.
        """
        if wanted.business is not None:
            caller = await doorkeeper.acting_for(caller, wanted.business)
        business_id, trigger_id = caller.needs_business(), new_id()
        trace = request.headers.get("traceparent")
        triggers = [trigger_of(caller, wanted, person, trigger_id, trace=trace) for person in wanted.to]
        if wanted.dry_run:
            return JSONResponse({"rehearsals": [_told(each) for each in await _rehearsed(desk, triggers)]})

        def work(connection: Connection) -> Answer:
            notified = all_of(desk.within(connection, triggers))
            body = {"trigger_id": trigger_id, "notifications": [view(each) for each in notified]}
            return Answer(status_code=202, body=body, wakes=TOPICS)

        return await once.answer(request, business_id, work)

    @router.post("/bulk", status_code=202, response_model=BulkResults, responses=refusals(409))
    async def bulk(caller: MayNotify, wanted: Bulk, request: Request, _key: IdempotencyKey = None) -> Response:
        """Set workflows off for up to five hundred people, each with their own payload, each for themselves."""
        business_id, trigger_id = caller.needs_business(), new_id()
        trace = request.headers.get("traceparent")
        triggers = [trigger_of(caller, item, item.to, trigger_id, trace=trace) for item in wanted.items]

        def work(connection: Connection) -> Answer:
            results = [_result(each) for each in desk.within(connection, triggers)]
            accepted = sum(each["status"] == "accepted" for each in results)
            counts = {"accepted": accepted, "refused": len(results) - accepted}
            body = {"trigger_id": trigger_id, **counts, "results": results}
            return Answer(status_code=202, body=body, wakes=TOPICS)

        return await once.answer(request, business_id, work)

    return router


def trigger_of(
    caller: Caller, about: About, person: Person, trigger_id: str, *, source: str = "api", trace: str | None = None
) -> Trigger:
    """What a request wishes for one person."""
    routing = about.routing.model_dump(exclude_none=True) if about.routing else None
    return Trigger(
        business_id=caller.needs_business(),
        workflow=about.workflow,
        to=recipient_of(person),
        payload=about.payload,
        category=about.category,
        routing=routing,
        anchor=about.anchor.model_dump() if about.anchor else None,
        cancellation_key=about.cancellation_key,
        expires_at=about.expires_at,
        is_test=caller.is_test,
        source=source,
        api_key_id=caller.key_id,
        trigger_id=trigger_id,
        trace=trace,
    )


def all_of(outcomes: Sequence[Outcome]) -> list[Triggered]:
    """Every one of them. Raises Problem with all that is wrong where one was refused."""
    errors: list[FieldError] = []
    notified: list[Triggered] = []
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, TriggerError):
            found = field_errors_of(outcome, index if len(outcomes) > 1 else None)
            # What is wrong with the workflow or its payload is wrong for everybody.
            errors += [each for each in found if each not in errors]
        else:
            notified.append(outcome)
    if errors:
        raise refused(errors)
    return notified


def view(triggered: Triggered) -> dict[str, Any]:
    """A notification as it is answered."""
    return {
        "id": triggered.notification_id,
        "subscriber_id": triggered.subscriber_id,
        "state": triggered.state,
        "message_ids": list(triggered.message_ids),
        "is_moved": triggered.is_moved,
    }


async def _rehearsed(desk: TriggerDesk, triggers: Sequence[Trigger]) -> list[Rehearsal]:
    if len(triggers) > MOST_REHEARSED:
        mend = f"Name at most {MOST_REHEARSED} people in a dry run."
        raise refused([FieldError(field="to", problem=f"holds {len(triggers)} people", mend=mend)])
    return [await desk.rehearse(trigger) for trigger in triggers]


def _told(rehearsal: Rehearsal) -> dict[str, Any]:
    """Without ids: nothing of it is kept."""
    return {
        "state": rehearsal.triggered.state,
        "decisions": list(rehearsal.decisions),
        "messages": [{**each, "expires_at": written(each["expires_at"])} for each in rehearsal.messages],
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, TriggerError):
        return {"status": "refused", "errors": [asdict(each) for each in field_errors_of(outcome)]}
    return {"status": "accepted", "notification": view(outcome)}
