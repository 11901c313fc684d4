"""Telling people something, and what became of it: the calls of notifications, events and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from relais_client._call import Call, given, key_or_new
from relais_client._values import (
    Accepted,
    BulkResults,
    Message,
    MovedOn,
    Notification,
    NotificationStory,
    Page,
    Person,
    Rehearsal,
    SentTemplate,
    Story,
    Taken,
    TakenBack,
    read,
    read_page,
    read_rows,
)

Category = Literal["transactional", "tracking", "reminders", "marketing", "work"]
To = Person | Mapping[str, Any] | str
"""Somebody: a `Person`, the same as a mapping, a phone number that begins with +, or else your id of them."""

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def notify(
    workflow: str,
    to: To | Iterable[To],
    payload: Mapping[str, Any] | None = None,
    *,
    category: Category | None = None,
    routing: Mapping[str, Any] | None = None,
    anchor: Mapping[str, Any] | None = None,
    cancellation_key: str | None = None,
    expires_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Call[Accepted]:
    """Set a workflow off for one person, or up to a hundred: for all of them, or, where one is wrong, for none."""
    about = _about(workflow, payload, category, routing, anchor, cancellation_key, expires_at)
    return Call(
        method="POST",
        route="/v1/notify",
        body={**about, "to": people_of(to)},
        idempotency_key=key_or_new(idempotency_key),
        read=partial(read, Accepted),
    )


def rehearse(
    workflow: str,
    to: To | Iterable[To],
    payload: Mapping[str, Any] | None = None,
    *,
    category: Category | None = None,
    routing: Mapping[str, Any] | None = None,
) -> Call[tuple[Rehearsal, ...]]:
    """What `notify` would say and decide for each of up to ten people; nothing is kept and nothing sent."""
    about = _about(workflow, payload, category, routing, None, None, None)
    return Call(
        method="POST",
        route="/v1/notify",
        body={**about, "to": people_of(to), "dry_run": True},
        read=lambda told: read_rows(Rehearsal, told, "rehearsals"),
    )


def notify_many(items: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None) -> Call[BulkResults]:
    """Up to 500 at once, each done or refused for itself.

    An item holds what `notify` takes: `workflow`, `to` (one person), `payload`, `cancellation_key` …
    """
    listed = [{**given(**item), "to": person_of(item["to"])} for item in items]
    return Call(
        method="POST",
        route="/v1/notify/bulk",
        body={"items": listed},
        idempotency_key=key_or_new(idempotency_key),
        read=partial(read, BulkResults),
    )


def event(
    type: str,
    data: Mapping[str, Any],
    *,
    tell: Mapping[str, To] | None = None,
    id: str | None = None,
    occurred_at: datetime | None = None,
) -> Call[Taken]:
    """Tell that something happened, such as `mission.accepted`; the workflow of that name tells people.

    `tell` names who else is to be told, `courier` or `merchant`: by `courier-mission-accepted`. `id` is yours: the same
    one again changes nothing. Without one, each call is an event of its own.
    """
    others = None if tell is None else {role: person_of(each) for role, each in tell.items()}
    return Call(
        method="POST",
        route="/v1/events",
        body=given(
            id=key_or_new(id), type=type, data=dict(data), tell=others, occurred_at=_aware("occurred_at", occurred_at)
        ),
        read=partial(read, Taken),
    )


def cancel(
    cancellation_key: str, *, subscriber: str | None = None, idempotency_key: str | None = None
) -> Call[TakenBack]:
    """Take back what was triggered with this key and has not left; of one person alone, by your id of them or ours."""
    return Call(
        method="POST",
        route="/v1/notify/cancel",
        body=given(cancellation_key=cancellation_key, subscriber=subscriber),
        idempotency_key=key_or_new(idempotency_key),
        read=partial(read, TakenBack),
    )


def move(
    cancellation_key: str,
    anchor: Mapping[str, Any],
    payload: Mapping[str, Any] | None = None,
    *,
    subscriber: str | None = None,
    idempotency_key: str | None = None,
) -> Call[MovedOn]:
    """An appointment has another time: what hangs on `anchor` (its type, id and starts_at) and waits follows it."""
    return Call(
        method="POST",
        route="/v1/notify/move",
        body=given(cancellation_key=cancellation_key, anchor=anchor, payload=payload, subscriber=subscriber),
        idempotency_key=key_or_new(idempotency_key),
        read=partial(read, MovedOn),
    )


def send_template(
    template: str,
    to: To,
    values: Mapping[str, str],
    *,
    language: str | None = None,
    category: Literal["transactional", "tracking", "reminders", "work"] | None = None,
    expires_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Send a template over WhatsApp. `values` has each of its variables; without `language` it is the person's own."""
    return Call(
        method="POST",
        route="/v1/templates/send",
        body=given(
            template=template,
            to=person_of(to),
            values=dict(values),
            language=language,
            category=category,
            expires_at=_aware("expires_at", expires_at),
        ),
        idempotency_key=key_or_new(idempotency_key),
        read=partial(read, SentTemplate),
    )


def notification(id: str) -> Call[Notification]:
    """Where a notification stands, and the messages it has made so far."""
    return _get("/v1/notifications/{id}", partial(read, Notification), id=id)


def explain_notification(id: str) -> Call[NotificationStory]:
    """Why a notification went as it did: every decision about it and its messages, in order, in words."""
    return _get("/v1/notifications/{id}/explain", partial(read, NotificationStory), id=id)


def notifications(
    *,
    state: str | None = None,
    subscriber_id: str | None = None,
    trigger_id: str | None = None,
    workflow: str | None = None,
) -> Call[Page[Notification]]:
    """Notifications, the newest first."""
    query = given(state=state, subscriber_id=subscriber_id, trigger_id=trigger_id, workflow=workflow)
    return Call(method="GET", route="/v1/notifications", query=query, read=partial(read_page, Notification))


def message(id: str) -> Call[Message]:
    """A message, and where it stands."""
    return _get("/v1/messages/{id}", partial(read, Message), id=id)


def explain(message_id: str) -> Call[Story]:
    """What was decided and reported about a message, in order, in words."""
    return _get("/v1/messages/{id}/explain", partial(read, Story), id=message_id)


def messages(
    *,
    status: str | None = None,
    subscriber_id: str | None = None,
    notification_id: str | None = None,
    channel: str | None = None,
) -> Call[Page[Message]]:
    """Messages, the newest first."""
    query = given(status=status, subscriber_id=subscriber_id, notification_id=notification_id, channel=channel)
    return Call(method="GET", route="/v1/messages", query=query, read=partial(read_page, Message))


def cancel_message(id: str, *, idempotency_key: str | None = None) -> Call[None]:
    """Take one message back that has not left. Raises TooLate when it is on its way already."""
    return Call(
        method="POST",
        route="/v1/messages/{id}/cancel",
        names={"id": id},
        body={},
        idempotency_key=key_or_new(idempotency_key),
        read=lambda told: None,
    )


def request(
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Call[Any]:
    """Anything else of the API, such as broadcasts, with the same key, tries and errors; the answer as it came."""
    if not path.startswith("/"):
        raise ValueError("path must begin with /, such as /v1/broadcasts")
    return Call(
        method=method.upper(),
        route=path.replace("{", "{{").replace("}", "}}"),
        query=query or {},
        body=body,
        idempotency_key=key_or_new(idempotency_key) if method.upper() == "POST" else None,
        read=lambda told: told,
    )


def person_of(to: To) -> dict[str, Any]:
    """Somebody as the API names them."""
    if isinstance(to, Person):
        return to.known()
    if isinstance(to, str):
        return {"phone" if _E164.fullmatch(to) else "id": to}
    return dict(to)


def people_of(to: To | Iterable[To]) -> list[dict[str, Any]]:
    """Each of them as the API names them."""
    if isinstance(to, (Person, Mapping, str)):
        return [person_of(to)]
    return [person_of(each) for each in to]


def _about(
    workflow: str,
    payload: Mapping[str, Any] | None,
    category: Category | None,
    routing: Mapping[str, Any] | None,
    anchor: Mapping[str, Any] | None,
    cancellation_key: str | None,
    expires_at: datetime | None,
) -> dict[str, Any]:
    return given(
        workflow=workflow,
        payload=None if payload is None else dict(payload),
        category=category,
        routing=routing,
        anchor=anchor,
        cancellation_key=cancellation_key,
        expires_at=_aware("expires_at", expires_at),
    )


def _aware(name: str, at: datetime | None) -> datetime | None:
    """Raises ValueError where nobody can tell when that is."""
    if at is not None and at.tzinfo is None:
        raise ValueError(f"{name} needs a timezone")
    return at


def _get(route: str, reading: Any, **names: str) -> Call[Any]:
    return Call(method="GET", route=route, names=names, read=reading)
