"""What is urgent goes before what is many, and nobody waits for ever."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from notifications import claim
from notifications.due import due_at_the_ends
from notifications.lanes import RESERVED_SHARE, Lane, Slots
from notifications.outgoing import Outgoing
from notifications.tables import messages
from storage.database import Database
from tests.house import JASMIN, KIMIA
from tests.notifications.post_office import PostOffice


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


async def test_each_lane_takes_what_the_ones_above_it_leave(office: PostOffice) -> None:
    talks = [await office.person(whatsapp=f"24206{index:07}") for index in range(8)]
    lanes = [lane for lane in reversed(Lane) for _ in range(2)]
    for talk, lane in zip(talks, lanes, strict=True):
        await office.queue(talk, lane=lane)

    taken = [await _claim(office, 3) for _ in range(3)]

    assert [[each.lane for each in batch] for batch in taken] == [
        ["critical", "critical", "immediate"],
        ["immediate", "scheduled", "scheduled"],
        ["bulk", "bulk"],
    ]


async def test_a_campaign_leaves_slots_for_the_news_that_comes_meanwhile(office: PostOffice) -> None:
    for index in range(30):
        await office.queue(await office.person(whatsapp=f"24206{index:07}"), lane="bulk")
    slots = Slots(10)

    under_way = await _claim(office, 10, slots)
    assert len(under_way) == 8
    await office.queue(await office.person(whatsapp="242069999999"), lane="immediate")
    news = await _claim(office, 2, slots)

    assert [each.lane for each in news] == ["immediate"]
    for each in under_way:
        slots.end(each.lane)
    assert len(await _claim(office, 9, slots)) == 8


async def test_a_lane_that_waited_for_long_gets_its_share_of_a_crowd(office: PostOffice) -> None:
    for index in range(40):
        await office.queue(await office.person(whatsapp=f"24206{index:07}"), lane="immediate")
    old = [await office.queue(await office.person(whatsapp=f"24207{index:07}"), lane="bulk") for index in range(5)]
    await office.database.write(_age, old, timedelta(seconds=20))
    slots = Slots(10)

    lanes: Counter[str] = Counter()
    for _ in range(4):
        for each in await _claim(office, 10, slots):
            lanes[each.lane] += 1
            slots.end(each.lane)

    assert lanes == {"immediate": 37, "bulk": 3}


async def test_what_is_owed_to_a_lane_that_can_take_nothing_is_given_back(office: PostOffice) -> None:
    talk = await office.person(whatsapp="242070000000")
    first = await office.queue(talk, lane="bulk")
    await _claim(office, 1)
    held_back = await office.queue(talk, lane="bulk", after_id=first)
    await office.database.write(_age, [held_back], timedelta(seconds=20))
    slots = Slots(10)
    for index in range(40):
        await office.queue(await office.person(whatsapp=f"24206{index:07}"), lane="immediate")

    assert [len(await _claim(office, 10, slots)) for _ in range(4)] == [10] * 4


@pytest.mark.parametrize("channel", ["email", "sms"])
async def test_what_is_part_of_no_talk_is_taken_too(office: PostOffice, channel: str) -> None:
    talk = await office.person(email="grace@example.com", phone="+242061234567", whatsapp="242061234567")
    await office.queue(talk, {"text": "Bonjour"}, channel=channel)
    (taken,) = await _claim(office, 10)

    assert (taken.channel, taken.recipient) == (
        channel,
        {"email": "grace@example.com", "sms": "+242061234567"}[channel],
    )


async def test_who_has_no_address_on_a_channel_is_skipped_with_the_reason(office: PostOffice) -> None:
    message = await office.queue(await office.person(whatsapp="242061234567"), {}, channel="email")
    assert await _claim(office, 10) == []

    row = await office.row(message)
    assert (row.status, row.error) == ("skipped", "The person has no email address that we know.")


@given(st.integers(1, 60), st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_bulk_never_holds_all_slots_and_no_lane_that_waited_is_left_out(concurrency: int, ends: list[int]) -> None:
    slots, held, taken = Slots(concurrency), Counter[Lane](), Counter[Lane]()
    everybody = dict.fromkeys(Lane, 60.0)
    for done in ends * 20:
        for lane in list(held.elements())[:done]:
            held[lane] -= 1
            slots.end(lane)
        slots.waiting(everybody)
        free = concurrency - held.total()
        for lane in Lane:
            count = slots.limit(lane, free)
            assert 0 <= count <= free
            free -= count
            if count:
                slots.took(lane, count)
            for _ in range(count):
                slots.begin(lane)
            held[lane] += count
            taken.update([lane] * count)
        assert held[Lane.BULK] <= max(1, concurrency * (1 - RESERVED_SHARE))

    # All lanes had any number of messages due all the time.
    if taken.total() > 40 * concurrency:
        assert set(taken) == set(Lane)


async def _claim(office: PostOffice, limit: int, slots: Slots | None = None) -> list[Outgoing]:
    taken = await office.database.write(claim.claim, limit, datetime.now(UTC), slots=slots)
    for each in taken if slots is not None else []:
        slots.begin(each.lane)  # type: ignore[union-attr]
    return list(taken)


def _age(connection: sa.Connection, ids: list[str], by: timedelta) -> None:
    for row in connection.execute(sa.select(messages.c.id, messages.c.run_at).where(messages.c.id.in_(ids))).all():
        connection.execute(sa.update(messages).where(messages.c.id == row.id).values(run_at=row.run_at - by))


async def test_a_campaign_that_waits_for_its_number_hides_nobody_elses_messages(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.due.ENDS", 3)
    due_at_the_ends.cache_clear()
    talk = await office.person(whatsapp="242060000001")
    crowd = [await office.queue(talk, lane="bulk") for _ in range(12)]
    await office.database.write(_age, crowd, timedelta(seconds=5))
    elsewhere = await office.queue(await office.person(number=JASMIN, whatsapp="242060000002"), lane="bulk")
    waits = claim.Shut(bulk_numbers=(KIMIA,))

    taken = await office.database.write(claim.claim, 10, datetime.now(UTC), shut=waits)

    assert [each.id for each in taken] == [elsewhere]
    assert await office.database.read(claim.seconds_until_due, waits) == pytest.approx(claim.LOOK_SECONDS)
    due_at_the_ends.cache_clear()
