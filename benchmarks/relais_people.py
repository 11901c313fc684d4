"""Fills a fresh database with a business and people it knows, for benchmarks that write to them."""

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from server import businesses
from server.settings import ROOT
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import addresses, conversations, phone_numbers, subscribers
from storage.types import new_id

BATCH: Final = 1000
"""People inserted at once."""


async def prepare(database: Database, people: int) -> None:
    """Migrate, and plant so many people of the first business, each with a conversation that is open just now."""
    await database.write(upgrade)
    await database.write(businesses.write, businesses.read(ROOT / "business.yml"))
    for start in range(0, people, BATCH):
        await database.write(_plant, range(start, min(start + BATCH, people)))
    # What PostgreSQL's autovacuum would have done by now, where it is on.
    await database.write(_count)


def conversations_in_order(connection: sa.Connection) -> list[tuple[str, str]]:
    """(business, conversation) of everybody who was planted, in that order."""
    rows = connection.execute(sa.select(conversations.c.business_id, conversations.c.id).order_by(conversations.c.id))
    return [(business_id, conversation_id) for business_id, conversation_id in rows]


def wa_id(number: int) -> str:
    """A number of Congo that nobody has."""
    return f"2420600{number:05}"


def _count(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ANALYZE subscribers, addresses, conversations"))


def _plant(connection: sa.Connection, numbers: range) -> None:
    now = datetime.now(UTC)
    phone_number_id, business_id = connection.execute(
        sa.select(phone_numbers.c.phone_number_id, phone_numbers.c.business_id)
        .order_by(phone_numbers.c.phone_number_id)
        .limit(1)
    ).one()
    people = {number: new_id() for number in numbers}
    connection.execute(
        sa.insert(subscribers),
        [
            {
                "id": each,
                "business_id": business_id,
                "role": "client",
                "name": "Grâce",
                "locale": "fr",
                "created_at": now,
            }
            for each in people.values()
        ],
    )
    connection.execute(
        sa.insert(addresses),
        [
            {"id": new_id(), "business_id": business_id, "subscriber_id": each, "kind": kind, "value": value}
            for number, each in people.items()
            for kind, value in (("phone", f"+{wa_id(number)}"), ("whatsapp", wa_id(number)))
        ],
    )
    connection.execute(
        sa.insert(conversations),
        [
            {
                "id": new_id(),
                "business_id": business_id,
                "phone_number_id": phone_number_id,
                "subscriber_id": each,
                "last_inbound_at": now,
            }
            for each in people.values()
        ],
    )
