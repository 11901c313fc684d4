"""No two workers ever hold one conversation, and a late result is dropped."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from conversations import claim
from conversations.tables import turns
from notifications.tables import messages
from storage.database import open_database
from storage.tables import conversations
from tests.house import House, echo, open_house, settings_for

ROUNDS = 40
WORKERS = 4


@pytest.mark.slow
async def test_workers_racing_for_conversations_never_share_one(postgresql_address: URL, tmp_path) -> None:  # type: ignore[no-untyped-def]
    house = open_house(settings_for(postgresql_address, tmp_path))
    databases = [open_database(postgresql_address) for _ in range(WORKERS)]
    senders = [f"24206100{index:04}" for index in range(10)]
    try:
        for _ in range(ROUNDS):
            await house.post(*(house.message("m", sender) for sender in senders))
            taken = await asyncio.gather(
                *(
                    database.write(claim.claim, f"w{index}", 4, datetime.now(UTC))
                    for index, database in enumerate(databases)
                )
            )
            held = [each for worker in taken for each in worker]
            assert len({each.conversation_id for each in held}) == len(held)
            for database, worker in zip(databases, taken, strict=True):
                for each in worker:
                    await database.write(_finish, each)
        assert await house.rows(turns, turns.c.status == "running") == []
    finally:
        for database in databases:
            await database.close()
        await house.stop()


async def test_the_result_of_a_worker_that_lost_its_lease_is_dropped(house: House) -> None:
    stolen = asyncio.Event()

    async def slow_once(asked):  # type: ignore[no-untyped-def]
        if not stolen.is_set():
            stolen.set()
            # Another worker takes the conversation while this turn is under way.
            await house.parts.database.write(_steal)
        return await echo(asked)

    house.bot.answer = slow_once
    await house.says("bonjour")

    assert await house.heard(1) == ["you said bonjour"]
    await house.settled()
    assert len(house.bot.turns) == 2
    assert house.bot.turns[0]["turn_id"] == house.bot.turns[1]["turn_id"]
    assert len(await house.rows(messages)) == 1


async def test_an_expired_lease_is_taken_over_and_counts_as_a_failure(house: House) -> None:
    house.to_bot.is_away = True
    await house.rest(house.parts.turns)
    await house.says("bonjour")
    first = (await house.parts.database.write(claim.claim, "dead", 1, datetime.now(UTC)))[0]
    assert await house.parts.database.write(claim.claim, "other", 1, datetime.now(UTC)) == []
    await house.parts.database.write(_end_leases)
    second = (await house.parts.database.write(claim.claim, "other", 1, datetime.now(UTC)))[0]

    assert second.turn.id == first.turn.id
    assert second.attempt == first.attempt + 1
    assert (await house.rows(turns))[0].failures == 1
    assert not await house.parts.database.write(claim.still_ours, first)


def _finish(connection: Connection, claimed: claim.Claimed) -> None:
    assert claim.still_ours(connection, claimed)
    connection.execute(sa.update(turns).where(turns.c.id == claimed.turn.id).values(status="done"))
    claim.release(connection, [claimed.conversation_id])


def _end_leases(connection: Connection) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=1)
    connection.execute(sa.update(conversations).values(lease_until=ended))


def _steal(connection: Connection) -> None:
    connection.execute(
        sa.update(conversations).values(
            attempt=conversations.c.attempt + 1, lease_until=datetime.now(UTC) - timedelta(seconds=1)
        )
    )
