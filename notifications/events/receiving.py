"""Keeps an event, once, and sets off what it means, in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.events.mapping import BackendEvent, Meaning, meaning_of, workflow_of
from notifications.plans.cancelling import cancel_by_key
from notifications.plans.people import business_of
from notifications.tables import backend_events
from notifications.triggering.errors import TriggerError
from notifications.triggering.setting_off import Tools, set_off
from notifications.triggering.trigger import Trigger
from notifications.workflows import Problem, Workflow
from storage.clock import database_now
from storage.insert import insert_new
from storage.types import new_id

TOO_OLD: Final = "It happened too long ago to be worth telling."


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What an event set off, or why nothing."""

    event_id: str
    is_repeat: bool
    """It was received before; nothing was done now, and this is what was done then."""
    notification_id: str | None = None
    subscriber_id: str | None = None
    state: str | None = None
    """Of the notification, when it was set off."""
    reason: str | None = None
    """Why it told nobody."""


def receive(connection: Connection, event: BackendEvent, tools: Tools) -> Received:
    """Keep the event and set off what it means. Wake "messages" and "plans" after the commit.

    A type of which no workflow is told is kept and told so. Raises TriggerError, with nothing kept, where an event that
    means something cannot be told: whoever sent it may mend it and send it again.
    """
    now: datetime = connection.scalar(sa.select(database_now()))
    row = {
        "id": new_id(),
        "business_id": event.business_id,
        "event_id": event.id,
        "type": event.type,
        "payload": dict(event.data),
        "occurred_at": event.occurred_at,
        "received_at": now,
        "outcome": {},
    }
    kept = insert_new(connection, backend_events, row, backend_events.c.id)
    if kept is None:
        return _before(connection, event)
    outcome = _set_off(connection, event, tools, now)
    done = sa.update(backend_events).where(backend_events.c.id == kept).values(outcome=outcome)
    connection.execute(done)
    return Received(event_id=event.id, is_repeat=False, **outcome)


def _before(connection: Connection, event: BackendEvent) -> Received:
    b = backend_events.c
    is_it = (b.business_id == event.business_id, b.event_id == event.id)
    outcome = connection.scalar(sa.select(b.outcome).where(*is_it))
    return Received(event_id=event.id, is_repeat=True, **(outcome or {}))


def _set_off(connection: Connection, event: BackendEvent, tools: Tools, now: datetime) -> dict[str, Any]:
    workflows = tools.workflows(business_of(connection, event.business_id).slug)
    workflow = workflows.get(workflow_of(event.type))
    if workflow is None:
        return {"reason": f"No workflow is called {workflow_of(event.type)}, which this type would set off."}
    expires_at = None if workflow.expires_after is None else event.occurred_at + workflow.expires_after
    if expires_at is not None and expires_at <= now:
        return {"reason": TOO_OLD}
    meaning = meaning_of(event)
    if meaning.ends and meaning.subject is not None:
        cancel_by_key(connection, event.business_id, meaning.subject, now, is_test=event.is_test)
    [outcome] = set_off(connection, [_trigger(event, meaning, workflow, expires_at)], tools)
    if isinstance(outcome, TriggerError):
        raise _in_data(outcome)
    return {
        "notification_id": outcome.notification_id,
        "subscriber_id": outcome.subscriber_id,
        "state": str(outcome.state),
    }


def _trigger(event: BackendEvent, meaning: Meaning, workflow: Workflow, expires_at: datetime | None) -> Trigger:
    return Trigger(
        business_id=event.business_id,
        workflow=workflow.key,
        to=meaning.to,
        payload=meaning.payload,
        cancellation_key=meaning.subject,
        expires_at=expires_at,
        source="event",
        is_test=event.is_test,
        api_key_id=event.api_key_id,
    )


def _in_data(error: TriggerError) -> TriggerError:
    """The same, by the names that the event has for its fields."""
    named = [replace(each, field=_in_event(each)) for each in error.problems]
    return type(error)(named)


def _in_event(problem: Problem) -> str:
    for ours, theirs in (("payload.", "data."), ("to.", "data.customer.")):
        if problem.field.startswith(ours):
            return theirs + problem.field.removeprefix(ours)
    return problem.field
