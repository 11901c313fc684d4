"""Keeps an event, once, and sets off what it means, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.events.mapping import (
    ENDS,
    BackendEvent,
    Meaning,
    meaning_for,
    meaning_of,
    names_customer,
    subject_of,
    workflow_of,
)
from notifications.plans.cancelling import cancel_by_key
from notifications.plans.people import business_of
from notifications.tables import backend_events
from notifications.triggering.errors import TriggerError
from notifications.triggering.setting_off import Tools, set_off
from notifications.triggering.trigger import Trigger
from notifications.workflows import Workflow
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import subscribers
from storage.types import new_id

TOO_OLD: Final = "It happened too long ago to be worth telling."
NOBODY: Final = "It names no customer."


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
    others: Sequence[Mapping[str, Any]] = ()
    """The same of who else was to be told, each with their `role`."""


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
    outcome = _tell_all(connection, event, tools, now)
    done = sa.update(backend_events).where(backend_events.c.id == kept).values(outcome=outcome)
    connection.execute(done)
    return Received(event_id=event.id, is_repeat=False, **outcome)


def _before(connection: Connection, event: BackendEvent) -> Received:
    b = backend_events.c
    is_it = (b.business_id == event.business_id, b.event_id == event.id)
    outcome = connection.scalar(sa.select(b.outcome).where(*is_it))
    return Received(event_id=event.id, is_repeat=True, **(outcome or {}))


def _tell_all(connection: Connection, event: BackendEvent, tools: Tools, now: datetime) -> dict[str, Any]:
    workflows = tools.workflows(business_of(connection, event.business_id).slug)
    outcome = _tell_customer(connection, event, workflows, tools, now)
    others = [_tell_other(connection, event, role, workflows, tools, now) for role in event.tell]
    return {**outcome, "others": others} if others else outcome


def _tell_customer(
    connection: Connection, event: BackendEvent, workflows: Mapping[str, Workflow], tools: Tools, now: datetime
) -> dict[str, Any]:
    workflow = workflows.get(workflow_of(event.type))
    if workflow is None:
        return {"reason": f"No workflow is called {workflow_of(event.type)}, which this type would set off."}
    if _is_too_old(event, workflow, now):
        return {"reason": TOO_OLD}
    subject = subject_of(event)
    if event.type in ENDS and subject is not None:
        cancel_by_key(connection, event.business_id, subject, now, is_test=event.is_test)
    if event.tell and not names_customer(event):
        return {"reason": NOBODY}
    return _set_off(connection, _trigger(event, meaning_of(event), workflow), tools, "data.customer.")


def _tell_other(
    connection: Connection,
    event: BackendEvent,
    role: str,
    workflows: Mapping[str, Workflow],
    tools: Tools,
    now: datetime,
) -> dict[str, Any]:
    key = workflow_of(event.type, role)
    workflow = workflows.get(key)
    if workflow is None:
        return {"role": role, "reason": f"No workflow is called {key}, which would tell them."}
    if _is_too_old(event, workflow, now):
        return {"role": role, "reason": TOO_OLD}
    outcome = _set_off(connection, _trigger(event, meaning_for(event, role), workflow), tools, f"tell.{role}.")
    s = subscribers.c
    # Who is told as a courier is one; "client" is anybody of whom nothing more is known.
    is_them = (s.id == outcome["subscriber_id"], s.role == "client")
    connection.execute(sa.update(subscribers).where(*is_them).values(role=role))
    return {"role": role, **outcome}


def _set_off(connection: Connection, trigger: Trigger, tools: Tools, named: str) -> dict[str, Any]:
    """`named` begins the fields by which the event names whom it is for."""
    [outcome] = set_off(connection, [trigger], tools)
    if isinstance(outcome, TriggerError):
        raise _in_event(outcome, named)
    return {
        "notification_id": outcome.notification_id,
        "subscriber_id": outcome.subscriber_id,
        "state": str(outcome.state),
    }


def _is_too_old(event: BackendEvent, workflow: Workflow, now: datetime) -> bool:
    expires_at = _expires_at(event, workflow)
    return expires_at is not None and expires_at <= now


def _expires_at(event: BackendEvent, workflow: Workflow) -> datetime | None:
    return None if workflow.expires_after is None else event.occurred_at + workflow.expires_after


def _trigger(event: BackendEvent, meaning: Meaning, workflow: Workflow) -> Trigger:
    return Trigger(
        business_id=event.business_id,
        workflow=workflow.key,
        to=meaning.to,
        payload=meaning.payload,
        cancellation_key=meaning.subject,
        expires_at=_expires_at(event, workflow),
        source="event",
        is_test=event.is_test,
        api_key_id=event.api_key_id,
    )


def _in_event(error: TriggerError, named: str) -> TriggerError:
    """The same, by the names that the event has for its fields."""
    theirs = {"payload.": "data.", "to.": named}
    renamed = []
    for each in error.problems:
        ours = next((prefix for prefix in theirs if each.field.startswith(prefix)), "")
        renamed.append(replace(each, field=theirs.get(ours, "") + each.field.removeprefix(ours)))
    return type(error)(renamed)
