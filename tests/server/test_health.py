"""The health page tells what waits for somebody: to everybody that it does, to ourselves what it is."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import breaker, numbers
from notifications.tables import number_health
from storage.tables import phone_numbers
from tests.house import GRACE, KIMIA, House


async def test_a_stopped_number_is_shown_with_its_reason_on_the_private_port_alone(house: House) -> None:
    await house.parts.database.write(_stop)

    private = (await house.private.get("/health/ready")).json()
    public = (await house.public.get("/health/ready")).json()
    assert private["parts"]["numbers"] == public["parts"]["numbers"] == "degraded"
    (stopped,) = private["numbers"]["kimia"]
    assert stopped["concerns"] == ["sending is stopped: (131042) A payment is due"]
    assert "payment" not in str(public)
    assert KIMIA not in str(private)
    assert GRACE not in str(private)


async def test_numbers_that_send_are_well(house: House) -> None:
    private = (await house.private.get("/health/ready")).json()

    assert private["parts"]["numbers"] == "ok"
    assert [each["concerns"] for own in private["numbers"].values() for each in own] == [[], []]


async def test_quality_status_and_limit_are_told_as_meta_last_said_them(house: House) -> None:
    await house.parts.database.write(_kept)

    private = (await house.private.get("/health/ready")).json()
    (number,) = private["numbers"]["kimia"]
    assert (number["quality"], number["status"], number["messaging_limit"]) == ("RED", "FLAGGED", "TIER_2K")
    assert [words.partition(":")[0] for words in number["concerns"]] == [
        "its quality is RED",
        "Meta flagged it for low quality; if that does not get better in a week, its limit sinks",
    ]
    assert private["parts"]["numbers"] == "degraded"


def _kept(connection: Connection) -> None:
    """As a poll found it."""
    number = phone_numbers.c
    business_id = connection.scalar(sa.select(number.business_id).where(number.phone_number_id == KIMIA))
    numbers.ensure(connection, KIMIA, str(business_id), datetime.now(UTC))
    seen = {"quality": "RED", "status": "FLAGGED", "messaging_limit": "TIER_2K"}
    connection.execute(sa.update(number_health).where(number_health.c.phone_number_id == KIMIA).values(seen))


def _stop(connection: Connection) -> None:
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA)
    )
    breaker.stop(
        connection,
        breaker.Scope.EVERYTHING,
        phone_number_id=KIMIA,
        business_id=str(business_id),
        code=131042,
        reason="(131042) A payment is due.",
        from_receipt=False,
        now=datetime.now(UTC),
    )
