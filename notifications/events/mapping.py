"""What an event means: which workflow it sets off, for whom, with which data. Pure.

The data of an event are the object that it is about, as the backend contract writes it (docs/backend.md): a mission, an
order, a payment; with `customer` beside it where more than their phone is known. A workflow takes of it what it shows.

    mission.pickup_arrived    sets off    mission-pickup-arrived
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
    is_test: bool = False
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What is to be told, and to whom."""

    workflow: str
    to: Recipient = field(repr=False)
    payload: Mapping[str, Any] = field(repr=False)
    subject: str | None = field(repr=False)
    """What it is about, such as "mission COUR-20250127-068": everything told of it is taken back by this name."""
    ends: bool
    """Nothing said of it before is worth saying any more."""


class BadEvent(TriggerError):
    """Who it concerns, or what, cannot be told from the event."""


def workflow_of(event_type: str) -> str:
    """The key of the workflow that is told of this type."""
    return NAMED_OTHERWISE.get(event_type) or event_type.replace(".", "-").replace("_", "-")


def meaning_of(event: BackendEvent) -> Meaning:
    """Raises BadEvent where it names nobody."""
    kind = event.type.partition(".")[0]
    code = event.data.get("code")
    return Meaning(
        workflow=workflow_of(event.type),
        to=_customer(event.data),
        payload={name: value for name, value in event.data.items() if name not in ("customer", "customer_phone")},
        subject=f"{kind} {code}" if isinstance(code, str) and code else None,
        ends=event.type in ENDS,
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
