"""What a test key makes never leaves the house, and ends as its recipient says."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.tables import messages
from storage.clock import database_now
from storage.tables import addresses, conversations
from storage.types import new_id
from tests.house import House
from tests.waiting import until


@pytest.mark.parametrize(
    ("number", "ends", "engaged"),
    [
        ("242061234500", "delivered", False),
        ("242061234501", "failed", False),
        ("242061234502", "read", True),
        ("242061234503", "unknown", False),
        ("242061234567", "delivered", False),
    ],
)
async def test_the_recipient_decides_what_becomes_of_a_rehearsed_message(
    house: House, number: str, ends: str, engaged: bool
) -> None:
    await house.says("bonjour", sender=number)
    await house.heard(1)
    message_id = await house.parts.database.write(_rehearse, number)
    house.parts.wakeup.signal("messages")

    async def ended() -> Any:
        return next(iter(await house.rows(messages, messages.c.id == message_id, messages.c.status == ends)), None)

    row = await until(ended)
    assert (row.provider, row.read_at is not None) == ("simulated", engaged)
    assert len(house.whatsapp.sent) == 1


def _rehearse(connection: Connection, number: str) -> str:
    person = sa.select(addresses.c.subscriber_id).where(addresses.c.value == number).limit(1).scalar_subquery()
    talk = connection.execute(sa.select(conversations).where(conversations.c.subscriber_id == person)).one()
    message_id, now = new_id(), datetime.now(UTC)
    connection.execute(
        sa.insert(messages).values(
            id=message_id,
            business_id=talk.business_id,
            conversation_id=talk.id,
            subscriber_id=talk.subscriber_id,
            channel="whatsapp",
            origin="push",
            category="transactional",
            payload={"type": "text", "text": {"body": "Bonjour"}},
            is_test=True,
            status="queued",
            run_at=database_now(),
            created_at=now,
        )
    )
    return message_id
