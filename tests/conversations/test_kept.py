"""Nothing that was acknowledged is lost: what found no place waits raw, and finds it after an upgrade."""

from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner

from conversations import kept
from conversations.tables import channel_events, inbound_messages
from server.commands.inbox import inbox as inbox_commands
from storage.tables import phone_numbers
from tests.house import KIMIA, House

NOT_YET_OURS = "100000000000009"


def broken(house: House) -> dict[str, Any]:
    return house.message("") | {"text": {"words": "without a body"}}


async def test_what_cannot_be_read_is_counted_on_the_health_page(house: House) -> None:
    assert (await house.post(broken(house), house.message("bonjour"))).status_code == 200
    assert await house.heard(1) == ["you said bonjour"]

    answer = (await house.public.get("/health/ready")).json()

    assert answer["unplaced"] == {"unreadable": 1}
    assert answer["parts"]["inbox"] == "degraded"


async def test_a_message_to_a_number_that_business_yml_lacked_is_answered_after_a_replay(house: House) -> None:
    await house.post(house.message("il y a quelqu'un ?", from_user_id="CG.77"), number=NOT_YET_OURS)
    assert await house.rows(inbound_messages) == []

    await house.parts.database.write(_take_over, NOT_YET_OURS)
    assert await house.replay() == (1, 0)

    assert await house.heard(1) == ["you said il y a quelqu'un ?"]
    assert await house.parts.database.read(kept.count_open) == {}
    assert await house.replay() == (0, 0)


async def test_what_still_cannot_be_read_stays(house: House) -> None:
    await house.post(broken(house))

    assert await house.replay() == (0, 1)

    (row,) = await house.rows(channel_events)
    assert (row.field, row.replayed_at) == ("unreadable", None)


async def test_a_receipt_that_came_before_its_number_finds_its_place(house: House) -> None:
    number = "100000000000008"
    status = {"id": "wamid.x", "status": "delivered", "timestamp": "1760000000", "recipient_id": "242061234567"}
    await house.post(status, number=number, key="statuses")
    await house.parts.database.write(_take_over, number)

    assert await house.replay() == (1, 0)


def _take_over(connection: sa.Connection, phone_number_id: str) -> None:
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA)
    )
    row = {"phone_number_id": phone_number_id, "business_id": business_id, "display_number": "+242 06 500 00 09"}
    connection.execute(sa.insert(phone_numbers).values(row))


def test_the_command_says_what_it_is_for() -> None:
    shown = CliRunner().invoke(inbox_commands, ["replay", "--help"])
    assert shown.exit_code == 0
    assert "./relais inbox replay" in shown.output
