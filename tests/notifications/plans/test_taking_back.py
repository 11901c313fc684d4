"""What was taken back, or overtaken by later news, never leaves; what has left is told as such."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from notifications.plans.cancelling import cancel_message
from notifications.tables import message_decisions, messages
from notifications.triggering import Recipient, Triggered
from storage.database import Database
from tests.notifications.plans.test_digest import gathering
from tests.notifications.push_desk import GRACE, PushDesk, workflow

STEPS = ("accepted", "arrived", "in-transit", "delivered")
TRIP = [workflow(key, group="payload.code", rank=rank) for rank, key in enumerate(STEPS, start=1)]


async def test_everything_with_the_key_is_taken_back_and_what_was_too_late_is_told(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=[{"send": "whatsapp"}, {"delay": "1h"}, {"send": "sms"}]))
    waiting = await office.notify(cancellation_key="rdv 9")
    sent = await office.notify("+242061111111", cancellation_key="rdv 9")
    other = await office.notify(cancellation_key="rdv 10")
    await office.becomes(sent.message_ids[0], "sending")

    cancelled = await office.desk.cancel(office.business_id, "rdv 9")

    assert (cancelled.notifications, cancelled.messages, cancelled.too_late) == (2, 1, 1)
    assert [(await office.notification(each)).state for each in (waiting, sent, other)] == [
        "cancelled",
        "cancelled",
        "active",
    ]
    await office.later(3601)
    await office.walk()
    statuses = {each.id: each.status for each in await office.messages()}
    assert statuses[waiting.message_ids[0]] == "cancelled"
    assert len(statuses) == 4  # the other one's SMS came


async def test_one_person_alone_and_one_business_alone(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=[{"delay": "1h"}, {"send": "sms"}]))
    jasmin = await PushDesk.open(database, number="100000000000002")
    mine = await office.notify(cancellation_key="k")
    other = await office.notify("+242061111111", cancellation_key="k")

    assert (await jasmin.desk.cancel(jasmin.business_id, "k")).notifications == 0
    await office.desk.cancel(office.business_id, "k", subscriber_id=mine.subscriber_id)

    assert [(await office.notification(each)).state for each in (mine, other)] == ["cancelled", "active"]
    again = await office.desk.cancel(office.business_id, "k", subscriber_id=mine.subscriber_id)
    assert again.notifications == 0


async def test_one_message_is_taken_back_or_it_is_too_late(database: Database) -> None:
    office = await PushDesk.open(database)
    one, other = await office.notify(), await office.notify()
    await office.becomes(other.message_ids[0], "sending")

    async def take_back(triggered: Triggered, business: str) -> Any:
        def work(connection: Connection) -> Any:
            return cancel_message(connection, business, triggered.message_ids[0], now)

        now = (await office.notification(triggered)).created_at
        return await database.write(work)

    assert await take_back(one, office.business_id) == "cancelled"
    assert await take_back(other, office.business_id) == "sending"
    assert await take_back(one, (await PushDesk.open(database, number="100000000000002")).business_id) is None


async def test_a_digest_goes_on_without_who_was_taken_back(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    keys = ["a", "b", "c", "d"]
    for key in keys:
        await office.notify(payload={"code": key}, cancellation_key=key)
    # The first one, which was to go on for all, and one of the others.
    for key in ("a", "c"):
        assert (await office.desk.cancel(office.business_id, key)).notifications == 1
    await office.later(601)
    await office.walk()

    assert [each.said for each in await office.messages()] == ["b d"]


async def test_a_digest_that_everybody_left_says_nothing(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    await office.notify(payload={"code": "a"}, cancellation_key="k")
    await office.notify(payload={"code": "b"}, cancellation_key="k")
    await office.desk.cancel(office.business_id, "k")
    later = await office.notify(payload={"code": "c"})
    await office.later(601)
    await office.walk()

    assert later.state == "active"
    assert [each.said for each in await office.messages()] == ["c"]


async def test_later_news_takes_the_place_of_earlier_news_that_has_not_left(database: Database) -> None:
    office = await PushDesk.open(database, *TRIP)
    accepted = await office.notify(key="accepted")
    delivered = await office.notify(key="delivered")

    assert [each.status for each in await office.messages()] == ["cancelled", "queued"]
    assert (await office.notification(accepted)).state == "done"
    [told] = await office.rows(message_decisions, message_decisions.c.message_id == accepted.message_ids[0])
    assert "delivered" in told.reason
    assert delivered.state == "done"


async def test_what_is_waiting_is_superseded_and_what_is_leaving_is_left(database: Database) -> None:
    patient = workflow("patient", group="payload.code", rank=1, steps=[{"delay": "1h"}, {"send": "sms"}])
    office = await PushDesk.open(database, patient, *TRIP)
    waiting = await office.notify(key="patient")
    leaving = await office.notify(key="arrived")
    await office.becomes(leaving.message_ids[0], "sending")
    await office.notify(key="delivered")

    assert (await office.notification(waiting)).state == "superseded"
    assert await office.story(waiting) == ["waits", "superseded"]
    assert [each.status for each in await office.messages()] == ["sending", "queued"]


async def test_news_that_come_too_late_are_not_told(database: Database) -> None:
    office = await PushDesk.open(database, *TRIP)
    await office.notify(key="delivered")

    late = await office.notify(key="in-transit")

    assert (late.state, late.message_ids) == ("superseded", ())
    assert await office.story(late) == ["superseded"]


async def test_what_was_taken_back_no_longer_stands_above_others(database: Database) -> None:
    slow = workflow("delivered", group="payload.code", rank=4, steps=[{"delay": "1h"}, {"send": "whatsapp"}])
    office = await PushDesk.open(database, *TRIP[:3], slow)
    await office.notify(key="delivered", cancellation_key="mistake")
    await office.desk.cancel(office.business_id, "mistake")

    assert (await office.notify(key="in-transit")).state == "done"


async def test_other_people_and_other_things_are_not_concerned(database: Database) -> None:
    office = await PushDesk.open(database, *TRIP)
    await office.notify(key="accepted")
    await office.notify("+242061111111", key="delivered")
    await office.notify(payload={"code": "B2"}, key="delivered")

    assert {each.status for each in await office.messages()} == {"queued"}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=4))
async def test_only_the_latest_news_is_in_the_queue_however_they_come(
    database: Database, requests: list[list[int]]
) -> None:
    office = await PushDesk.open(database, *TRIP)
    code = f"code-{id(requests)}-{requests}"[:64]
    for ranks in requests:
        triggers = [office.trigger(GRACE, {"code": code}, key=STEPS[rank]) for rank in ranks]
        await office.notify_many(triggers)

    highest = max(rank for ranks in requests for rank in ranks) + 1
    ours = [each for each in await office.messages() if each.group_key == code]
    assert {each.group_rank for each in ours if each.status == "queued"} == {highest}


async def test_requests_at_the_same_moment_leave_only_the_latest_news(database: Database) -> None:
    office = await PushDesk.open(database, *TRIP)
    people = [Recipient(id=f"c-{number}", phone=f"+2420612345{number:02}") for number in range(8)]
    await office.notify_many([office.trigger(each, {"code": "warm"}, key="accepted") for each in people])

    async def request(person: Recipient, step: str) -> None:
        await office.notify(person, {"code": "A1"}, key=step)

    await asyncio.gather(*(request(each, step) for each in people for step in STEPS))

    m = messages.c
    queued = await office.rows(messages, m.group_key == "A1", m.status == "queued")
    assert sorted(each.subscriber_id for each in queued) == sorted({each.subscriber_id for each in queued})
    assert {each.group_rank for each in queued} == {4}
    assert len(queued) == len(people)


async def test_a_cancellation_and_a_claim_at_the_same_moment_agree(database: Database) -> None:
    office = await PushDesk.open(database)
    made = [await office.notify(f"+2420612345{number:02}", cancellation_key=f"k{number}") for number in range(20)]

    def take(connection: Connection, message_id: str) -> bool:
        m = messages.c
        claimed = sa.update(messages).where(m.id == message_id, m.status == "queued").values(status="sending")
        return connection.execute(claimed).rowcount == 1

    taken, cancelled = await asyncio.gather(
        asyncio.gather(*(database.write(take, each.message_ids[0]) for each in made)),
        asyncio.gather(*(office.desk.cancel(office.business_id, f"k{number}") for number in range(20))),
    )

    for was_taken, each in zip(taken, cancelled, strict=True):
        assert (each.messages, each.too_late) == ((0, 1) if was_taken else (1, 0))


@pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
async def test_what_has_left_stays_as_it_is(database: Database, status: str) -> None:
    office = await PushDesk.open(database)
    triggered = await office.notify(cancellation_key="k")
    await office.becomes(triggered.message_ids[0], status)

    assert (await office.desk.cancel(office.business_id, "k")).too_late == 1
    assert [each.status for each in await office.messages()] == [status]
