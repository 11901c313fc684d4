"""What an event means: which workflow it sets off, for whom, with which data. Pure.

The data of an event are the object that it is about, as the backend contract writes it (docs/backend.md): a mission, an
order, a payment; with `customer` beside it where more than their phone is known. A workflow takes of it what it shows.

    mission.pickup_arrived    sets off    mission-pickup-arrived
    mission.accepted          sets off    courier-mission-accepted, too, where the event names a courier to tell
    table.booked              sets off    table-booked, where the business has such a workflow
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from notifications.triggering.errors import TriggerError
from notifications.triggering.trigger import Recipient
from notifications.workflows import Problem

NAMED_OTHERWISE: Final[Mapping[str, str]] = {
    "mission.delayed": "delivery-delayed",
    "payment.requested": "payment-reminder",
}
"""Types whose workflow is not called as they are."""

ENDS: Final = frozenset({"mission.delivered", "mission.cancelled", "order.cancelled", "payment.received"})
"""Types after which nothing that was said of the thing before is still worth saying, reminders included."""

CUSTOMER: Final = frozenset({"customer", "customer_phone"})
"""Members that say whom it is about; contents never show them."""

ROLES: Final = ("courier", "merchant")
"""Whom an event may name beside the customer: who works for what it tells of."""

PERSON: Final = ("id", "phone", "whatsapp", "email", "name", "locale", "timezone")
"""What an event may tell of a customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendEvent:
    """Something that happened at a business."""

    business_id: str
    id: str
    """Theirs; the same one again changes nothing."""
    type: str
    occurred_at: datetime
    data: Mapping[str, Any] = field(repr=False)
    tell: Mapping[str, Recipient] = field(default_factory=dict, repr=False)
    """Who else is to be told, by role."""
    is_test: bool = False
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What is to be told, and to whom."""

    workflow: str
    to: Recipient = field(repr=False)
    payload: Mapping[str, Any] = field(repr=False)
    subject: str | None = field(repr=False)
    """See `subject_of`."""


class BadEvent(TriggerError):
    """Who it concerns, or what, cannot be told from the event."""


def workflow_of(event_type: str, role: str | None = None) -> str:
    """The key of the workflow that is told of this type: the customer's, or that of a role."""
    key = event_type.replace(".", "-").replace("_", "-")
    return NAMED_OTHERWISE.get(event_type, key) if role is None else f"{role}-{key}"


def meaning_of(event: BackendEvent) -> Meaning:
    """Raises BadEvent where it names nobody."""
    return _meaning(event, workflow_of(event.type), _customer(event.data))


def meaning_for(event: BackendEvent, role: str) -> Meaning:
    """What somebody else than the customer is told."""
    return _meaning(event, workflow_of(event.type, role), event.tell[role])


def subject_of(event: BackendEvent) -> str | None:
    """What it is about, such as "mission COUR-20250127-068": everything told of it is taken back by this name."""
    kind = event.type.partition(".")[0]
    code = event.data.get("code")
    return f"{kind} {code}" if isinstance(code, str) and code else None


def names_customer(event: BackendEvent) -> bool:
    """Whether it is about a customer; one for who works alone need not be."""
    return any(event.data.get(name) for name in CUSTOMER)


def _meaning(event: BackendEvent, workflow: str, to: Recipient) -> Meaning:
    return Meaning(
        workflow=workflow,
        to=to,
        payload={name: value for name, value in event.data.items() if name not in CUSTOMER},
        subject=subject_of(event),
    )


def _customer(data: Mapping[str, Any]) -> Recipient:
    given = data.get("customer") or {}
    if not isinstance(given, Mapping):
        raise BadEvent(
            [Problem(field="data.customer", problem='is no object such as {"id": "c-7", "phone": "+24206…"}')]
        )
    known: dict[str, Any] = {}
    for name in PERSON:
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise BadEvent([Problem(field=f"data.customer.{name}", problem="is not a text")])
        if value:
            known[name] = value
    phone = data.get("customer_phone")
    if "phone" not in known and isinstance(phone, str) and phone:
        known["phone"] = phone
    if not known.keys() & {"id", "phone", "whatsapp", "email"}:
        missing = "is missing; name whom it concerns by id, phone, whatsapp or email, or in customer_phone"
        raise BadEvent([Problem(field="data.customer", problem=missing)])
    return Recipient(**known)
