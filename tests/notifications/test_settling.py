"""Settling is fenced and idempotent, and a message that is taken back is never sent."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.failures import Remedy
from notifications import claim
from notifications.outgoing import Outgoing
from notifications.plans.cancelling import cancel_message
from notifications.providers import Accepted, Failed, Outcome, Uncertain
from notifications.rates import Answer, Slot
from notifications.settling import Ended, settle
from notifications.status import Status
from notifications.tables import message_decisions, messages
from storage.database import Database
from tests.notifications.post_office import PostOffice

OUTCOMES: Sequence[Outcome | Slot] = (
    Accepted(provider="whatsapp", provider_message_id="wamid."),
    Uncertain(provider="whatsapp", reason="The answer was lost."),
    Failed(provider="whatsapp", reason="Not on WhatsApp.", code=131026, remedy=Remedy.OTHER_CHANNEL),
    Failed(provider="whatsapp", reason="Down.", code=131016, remedy=Remedy.TRY_AGAIN),
    Failed(provider="whatsapp", reason="Who knows.", code=131000, remedy=Remedy.TRY_A_FEW_TIMES),
    Slot(answer=Answer.PLANNED, seconds=1.5),
    Slot(answer=Answer.NUMBER_FULL, seconds=3.0),
)
SHOWN = ("status", "failures", "provider", "provider_message_id", "error", "error_code", "claimed_at", "attempt")


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


@pytest.mark.parametrize("seed", range(4))
async def test_a_batch_ends_as_its_messages_would_one_by_one_and_the_same_again_changes_nothing(
    office: PostOffice, seed: int
) -> None:
    chance = random.Random(seed)
    together, apart = await claimed(office, 12), await claimed(office, 12)
    outcomes = [chance.choice(OUTCOMES) for _ in together]
    await settles(office, together, outcomes)
    for message, outcome in zip(apart, outcomes, strict=True):
        await settles(office, [message], [outcome])
    ends = await ends_of(office, together)

    assert ends == await ends_of(office, apart)
    told = len(await office.rows(message_decisions))
    await settles(office, together, outcomes)
    assert await ends_of(office, together) == ends
    assert len(await office.rows(message_decisions)) == told


async def test_who_lost_the_claim_to_another_settles_nothing(office: PostOffice) -> None:
    (late,) = await claimed(office, 1)
    await settles(office, [late], [Slot(answer=Answer.NUMBER_FULL, seconds=0.0)])
    (mine,) = await office.database.write(claim.claim, 10, datetime.now(UTC))
    await settles(office, [late], [OUTCOMES[2]])

    row = await office.row(late.id)
    assert (row.status, row.attempt) == ("sending", mine.attempt)


async def test_a_message_is_either_taken_back_or_sent_whoever_is_faster(office: PostOffice) -> None:
    queued = [await office.queue(await office.person(whatsapp=f"24206{index:07}")) for index in range(30)]
    business_id = (await office.row(queued[0])).business_id

    async def take_back(message_id: str) -> bool:
        ends_as = await office.database.write(cancel_message, business_id, message_id, datetime.now(UTC))
        return ends_as is Status.CANCELLED

    async def take() -> list[Outgoing]:
        return [each for _ in range(10) for each in await office.database.write(claim.claim, 2, datetime.now(UTC))]

    taken_back, *claims = await asyncio.gather(asyncio.gather(*(take_back(each) for each in queued)), take(), take())
    taken = {each.id for each in (*claims[0], *claims[1])}

    assert len(taken) == len(claims[0]) + len(claims[1])
    assert taken == {each for each, is_back in zip(queued, taken_back, strict=True) if not is_back}
    rows = {row.id: row.status for row in await office.rows(messages)}
    assert all(rows[each] == ("sending" if each in taken else "cancelled") for each in queued)


async def claimed(office: PostOffice, count: int) -> list[Outgoing]:
    for index in range(count):
        await office.queue(await office.person(whatsapp=f"24206{random.random()}{index}"), origin="push")
    return list(await office.database.write(claim.claim, count, datetime.now(UTC)))


async def settles(office: PostOffice, taken: Sequence[Outgoing], outcomes: Sequence[Outcome | Slot]) -> None:
    ended = [Ended(message=message, outcome=outcome) for message, outcome in zip(taken, outcomes, strict=True)]
    await office.database.write(settle, ended, datetime.now(UTC))


async def ends_of(office: PostOffice, taken: Sequence[Outgoing]) -> list[dict[str, Any]]:
    rows = [await office.row(each.id) for each in taken]
    return [
        {name: getattr(row, name) for name in SHOWN if name != "claimed_at"} | {"counted": row.claimed_at is not None}
        for row in rows
    ]
