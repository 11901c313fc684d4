"""Finds the person whom an address of the API names, and shows what is kept of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.engine import Connection, Row

from server.api.problems import not_found
from storage.tables import addresses, subscribers

SHOWN_KINDS = ("phone", "whatsapp", "bsuid", "email")


class AddressShown(BaseModel):
    """One way to reach somebody."""

    id: UUID
    kind: str
    value: str


class Subscriber(BaseModel):
    """A person as they are kept."""

    id: UUID
    external_id: str | None
    """How the business's own system calls them."""
    name: str | None
    locale: str | None
    timezone: str | None
    role: str
    attributes: dict[str, Any]
    created_at: datetime
    addresses: list[AddressShown]


class Subscribers(BaseModel):
    """A page of people, the newest first."""

    data: list[Subscriber]
    next: str | None


def known_person(connection: Connection, business_id: str, key: str) -> str:
    """The id of whom the business means: by its own id, else by ours. Raises Problem."""
    s = subscribers.c
    ours = sa.select(s.id, s.merged_into).where(s.business_id == business_id)
    row = connection.execute(ours.where(s.external_id == key)).one_or_none()
    if row is None and (subscriber_id := _uuid(key)) is not None:
        row = connection.execute(ours.where(s.id == subscriber_id)).one_or_none()
    if row is None:
        raise not_found("person")
    return str(row.merged_into or row.id)


def shown(connection: Connection, subscriber_id: str) -> dict[str, Any]:
    """All that is kept of one person."""
    row = connection.execute(sa.select(subscribers).where(subscribers.c.id == subscriber_id)).one()
    return {**profile(row), "addresses": addresses_of(connection, [subscriber_id]).get(subscriber_id, [])}


def profile(row: Row[Any]) -> dict[str, Any]:
    """What is kept in a person's own row."""
    names = ("id", "external_id", "name", "locale", "timezone", "role", "created_at")
    return {**{name: getattr(row, name) for name in names}, "attributes": row.attributes or {}}


def addresses_of(connection: Connection, people: list[str]) -> dict[str, list[dict[str, str]]]:
    """The addresses of these, by person, the oldest first."""
    a = addresses.c
    found: dict[str, list[dict[str, str]]] = {}
    rows = connection.execute(
        sa.select(a.id, a.subscriber_id, a.kind, a.value)
        .where(a.subscriber_id.in_(people), a.kind.in_(SHOWN_KINDS))
        .order_by(a.id)
    )
    for row in rows:
        found.setdefault(row.subscriber_id, []).append({"id": row.id, "kind": row.kind, "value": row.value})
    return found


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
