"""A ladder climbs when a channel fails or takes too long, and never tells the same twice by accident."""

import asyncio
import random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from notifications.plans import due
from notifications.plans.resuming import resume
from notifications.tables import messages, notifications
from notifications.triggering import Recipient, Triggered
from storage.database import Database
from tests.notifications.push_desk import GRACE, PushDesk, become, workflow

EVERYWHERE = Recipient(phone=GRACE, email="grace@example.com")
LADDER = workflow(
    steps=[
        {
            "ladder": [
                {"channel": "whatsapp", "success": "delivered", "fallback_after": "10m"},
                {"channel": "sms", "success": "delivered", "fallback_after": "5m"},
                {"channel": "email"},
            ]
        }
    ]
)


async def channels(office: PushDesk, triggered: Triggered) -> list[tuple[str, str]]:
    return [(each.channel, each.status) for each in await office.messages(triggered)]


async def test_only_the_first_channel_is_tried_until_its_time_is_over(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "sent")
    await office.walk()
    await office.later(590)
    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", "sent")]

    await office.later(20)
    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", "sent"), ("sms", "queued")]
    assert await office.story(triggered) == ["armed", "fell_back", "armed"]


@pytest.mark.parametrize("status", ["delivered", "read"])
async def test_a_report_of_success_ends_it(database: Database, status: str) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], status)

    assert await office.walk() == 1
    assert (await office.notification(triggered)).state == "done"
    assert await channels(office, triggered) == [("whatsapp", status)]


@pytest.mark.parametrize("status", ["failed", "skipped"])
async def test_what_will_not_arrive_is_not_waited_for(database: Database, status: str) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], status, 131026 if status == "failed" else None)

    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", status), ("sms", "queued")]


async def test_who_refused_it_is_not_told_elsewhere(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "failed", 131050)

    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", "failed")]
    assert (await office.notification(triggered)).state == "done"


async def test_a_channel_without_an_address_is_passed_over(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(Recipient(email="grace@example.com"))

    assert await channels(office, triggered) == [("email", "queued")]
    assert await office.story(triggered) == ["skipped", "skipped"]


async def test_what_has_not_left_when_its_time_is_over_is_called_back(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.later(601)
    await office.walk()

    assert await channels(office, triggered) == [("whatsapp", "cancelled"), ("sms", "queued")]


async def test_a_message_that_is_just_being_handed_over_is_waited_for(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "sending")
    await office.later(601)
    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", "sending")]

    await office.becomes(triggered.message_ids[0], "delivered")
    await office.walk()
    assert await channels(office, triggered) == [("whatsapp", "delivered")]


async def test_a_late_report_calls_back_the_next_channel_at_once(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "sent")
    await office.later(601)
    await office.walk()

    await office.becomes(triggered.message_ids[0], "delivered")

    assert await channels(office, triggered) == [("whatsapp", "delivered"), ("sms", "cancelled")]
    assert (await office.story(triggered))[-1] == "arrived"
    await office.walk()
    assert (await office.notification(triggered)).state == "done"


async def test_so_it_does_when_the_plan_has_ended(database: Database) -> None:
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "sent")
    await office.later(601)
    await office.walk()
    await office.becomes((await office.messages(triggered))[1].id, "failed")
    await office.walk()
    assert (await office.notification(triggered)).state == "done"

    await office.becomes(triggered.message_ids[0], "read")

    assert await channels(office, triggered) == [("whatsapp", "read"), ("sms", "failed"), ("email", "cancelled")]


ENDS = {"failed", "skipped", "cancelled", "expired"}
acts = st.lists(
    st.tuples(st.sampled_from(["later", "walk", "claim", "sent", "delivered", "failed", "skipped"]), st.integers(0, 2)),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
async def test_whatever_happens_nothing_leaves_twice_or_after_it_arrived(
    database: Database, happened: list[tuple[str, int]]
) -> None:
    """A channel leaves only while none before it is known to have arrived, and each failed or took too long."""
    office = await PushDesk.open(database, LADDER)
    triggered = await office.notify(EVERYWHERE)
    waited = [0.0, 0.0, 0.0]
    for act, rung in happened:
        rows = {int(each.plan_key.split(".")[1]): each for each in await office.messages(triggered)}
        message = rows.get(rung)
        if act == "later":
            await office.later(301)
            waited = [time + 301 if index in rows else time for index, time in enumerate(waited)]
        elif act == "walk":
            await office.walk()
        elif message is None:
            continue
        elif act == "claim" and message.status == "queued":
            before = [rows[index] for index in range(rung)]
            assert not any(each.status in ("delivered", "read") for each in before)
            assert all(each.status in ENDS or waited[index] >= (600, 300)[index] for index, each in enumerate(before))
            await office.becomes(message.id, "sending")
        elif act == "skipped" and message.status == "queued":
            await office.becomes(message.id, "skipped")
        elif act in ("sent", "delivered", "failed") and message.status in ("sending", "sent"):
            await office.becomes(message.id, act)
    await office.walk()
    keys = [each.plan_key for each in await office.messages(triggered)]
    assert len(keys) == len(set(keys))


async def test_at_the_same_moment_too_no_later_channel_leaves_in_vain(database: Database) -> None:
    """Reports that come late, plans that climb and workers that claim, all at once."""
    office = await PushDesk.open(database, LADDER)
    people = [Recipient(id=f"c-{number}", phone=f"+2420612345{number:02}") for number in range(30)]
    outcomes = await office.notify_many([office.trigger(each) for each in people])
    first = [each.message_ids[0] for each in outcomes if isinstance(each, Triggered)]
    for message_id in first:
        await office.becomes(message_id, "sent")
    await office.walk()
    await office.later(601)

    async def walks() -> None:
        for _ in range(12):
            claimed = await database.write(due.claim, 3)
            await database.write(resume, claimed, office.tools.tokens)

    async def reports() -> None:
        for message_id in random.Random(7).sample(first, len(first)):
            await database.write(become, message_id, "delivered")

    async def claims() -> list[bool | None]:
        return [await database.write(_take_an_sms) for _ in range(40)]

    *_, in_vain = await asyncio.gather(walks(), walks(), reports(), claims())

    assert True not in in_vain
    rows = await office.rows(messages, messages.c.channel == "sms")
    assert {row.status for row in rows} <= {"cancelled", "sending"}


def _take_an_sms(connection: Connection) -> bool | None:
    """Claim one as a worker does; whether its WhatsApp message was known to have arrived before that."""
    m, before = messages.c, messages.alias("before").c
    row: Any = connection.execute(
        sa.select(m.id, m.notification_id)
        .where(m.channel == "sms", m.status == "queued")
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    arrived = sa.exists().where(
        before.notification_id == row.notification_id, before.channel == "whatsapp", before.status == "delivered"
    )
    connection.execute(sa.update(messages).where(m.id == row.id).values(status="sending"))
    return bool(connection.scalar(sa.select(arrived)))


async def test_a_step_after_the_ladder_comes_when_the_ladder_is_over(database: Database) -> None:
    steps = [LADDER.document["steps"][0], {"send": "inapp"}]
    office = await PushDesk.open(database, workflow(steps=steps))
    triggered = await office.notify(EVERYWHERE)
    assert [channel for channel, _ in await channels(office, triggered)] == ["whatsapp"]

    await office.becomes(triggered.message_ids[0], "delivered")
    await office.walk()

    assert [channel for channel, _ in await channels(office, triggered)] == ["whatsapp", "inapp"]
    n = notifications.c
    [row] = await office.rows(notifications, n.id == triggered.notification_id)
    assert row.state == "done"
