"""Whom we know: one question finds the people behind a sender's names, all their addresses, and their talk on a number.

It is asked for every message that arrives, so the statement is made once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import addresses, conversations, subscribers

NAME_KINDS = ("whatsapp", "bsuid", "parent_bsuid")
"""Kinds of address by which WhatsApp names people. No value of one can be a value of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A subscriber."""

    subscriber_id: str
    name: str | None
    addresses: frozenset[tuple[str, str]]
    """(kind, value) of each."""
    conversation_id: str | None
    """Their talk on the number that was asked about."""


def look_up(
    connection: Connection, business_id: str, names: Iterable[tuple[str, str]], phone_number_id: str = ""
) -> list[Known]:
    """Those who go by any of these names, the oldest first; several where nobody knew yet that they are one."""
    values = [value for _, value in names]
    if not values:
        return []
    asked = {"business_id": business_id, "names": values, "phone_number_id": phone_number_id}
    found: dict[str, list[Any]] = {}
    for row in connection.execute(_LOOK_UP, asked):
        found.setdefault(row.subscriber_id, []).append(row)
    return [
        Known(
            subscriber_id=subscriber_id,
            name=rows[0].name,
            addresses=frozenset((row.kind, row.value) for row in rows),
            conversation_id=rows[0].conversation_id,
        )
        for subscriber_id, rows in sorted(found.items())
    ]


_named = addresses.alias("named")

_LOOK_UP = (
    sa.select(
        addresses.c.subscriber_id,
        addresses.c.kind,
        addresses.c.value,
        subscribers.c.name,
        conversations.c.id.label("conversation_id"),
    )
    .join(subscribers, subscribers.c.id == addresses.c.subscriber_id)
    .outerjoin(
        conversations,
        (conversations.c.subscriber_id == addresses.c.subscriber_id)
        & (conversations.c.phone_number_id == sa.bindparam("phone_number_id")),
    )
    .where(
        addresses.c.subscriber_id.in_(
            sa.select(_named.c.subscriber_id).where(
                _named.c.business_id == sa.bindparam("business_id"),
                _named.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in NAME_KINDS]),
                _named.c.value.in_(sa.bindparam("names", expanding=True)),
            )
        )
    )
)
