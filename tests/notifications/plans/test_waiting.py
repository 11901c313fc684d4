"""A plan waits where its workflow says so, goes on where it stood, and ends with a reason."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from conversations.push_tokens import PushTokens
from notifications.plans import due
from notifications.plans.resuming import resume
from notifications.plans.runner import PlanRunner
from notifications.tables import messages, notifications, workflow_versions
from notifications.workflows import to_document
from storage.database import Database
from storage.wakeup import LocalWakeup
from tests.notifications.push_desk import PushDesk, make_due, workflow
from tests.waiting import until

LATER_STEPS: list[dict[str, Any]] = [{"delay": "1h"}, {"send": "whatsapp"}]
LATER = workflow(steps=LATER_STEPS)


async def test_a_delay_is_waited_for(database: Database) -> None:
    office = await PushDesk.open(database, LATER)
    triggered = await office.notify()

    assert (triggered.state, triggered.message_ids) == ("active", ())
    assert await office.walk() == 0
    await office.later(3601)
    assert await office.walk() == 1

    assert [each.said for each in await office.messages(triggered)] == ["Colis A1"]
    assert (await office.notification(triggered)).state == "done"
    assert await office.walk() == 0


async def test_a_delay_until_a_moment_of_the_payload(database: Database) -> None:
    schema = {
        "code": {"type": "text", "example": "A1"},
        "at": {"type": "moment", "example": "2026-01-27T14:30:00+01:00"},
    }
    steps = [{"delay": {"until": "payload.at - hours(1)"}}, {"send": "whatsapp"}]
    office = await PushDesk.open(database, workflow(payload=schema, steps=steps))
    at = datetime.now(UTC) + timedelta(hours=3)

    waiting = await office.notify(payload={"code": "A1", "at": at.isoformat()})
    passed = await office.notify(payload={"code": "A2", "at": "2026-01-27T14:30:00+01:00"})

    due_in = (await office.notification(waiting)).next_at - datetime.now(UTC)
    assert timedelta(minutes=119) < due_in < timedelta(minutes=121)
    assert passed.state == "done"


async def test_what_waits_is_finished_as_it_was_begun(database: Database) -> None:
    office = await PushDesk.open(database, LATER)
    triggered = await office.notify()
    office.workflows["news"] = workflow(contents={"whatsapp": {"text": {"fr": "Autre", "en": "Other"}}})
    await office.later(3601)
    await office.walk()

    [message] = await office.messages(triggered)
    assert message.said == "Colis A1"


@pytest.mark.parametrize(("status", "expected"), [("delivered", ["whatsapp"]), ("sent", ["whatsapp", "sms"])])
async def test_a_condition_ends_what_is_left(database: Database, status: str, expected: list[str]) -> None:
    steps = [{"send": "whatsapp"}, {"delay": "10m"}, {"condition": "not delivered"}, {"send": "sms"}]
    office = await PushDesk.open(database, workflow(steps=steps))
    triggered = await office.notify()
    await office.becomes(triggered.message_ids[0], status)
    await office.walk()
    await office.later(601)
    await office.walk()

    assert [each.channel for each in await office.messages(triggered)] == expected
    assert (await office.notification(triggered)).state == "done"
    assert ("ended" in await office.story(triggered)) == (status == "delivered")


async def test_what_is_no_longer_worth_telling_is_not_told(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=LATER_STEPS, expires_after="30m"))
    triggered = await office.notify()
    await office.later(3601)
    await office.walk()

    assert (await office.notification(triggered)).state == "expired"
    assert await office.messages(triggered) == []


async def test_a_kept_version_that_cannot_be_read_ends_its_plan_with_a_reason(database: Database) -> None:
    office = await PushDesk.open(database, LATER)
    broken = await office.notify()
    office.workflows["news"] = workflow(title="Other", steps=LATER_STEPS)
    whole = await office.notify()
    document = {**to_document(LATER), "steps": [{"teleport": "whatsapp"}]}
    v, n = workflow_versions.c, notifications.c
    of_it = sa.select(n.version_id).where(n.id == broken.notification_id)
    breaking = sa.update(workflow_versions).where(v.id.in_(of_it)).values(definition=document)
    await database.write(lambda connection: connection.execute(breaking))
    await office.later(3601)
    await office.walk()

    row = await office.notification(broken)
    assert row.state == "failed"
    assert "is not one step" in row.error
    assert (await office.notification(whole)).state == "done"


async def test_a_worker_that_outlived_its_lease_changes_nothing(database: Database) -> None:
    office = await PushDesk.open(database, LATER)
    triggered = await office.notify()
    await office.later(3601)
    [slow] = await database.write(due.claim, 10)
    await office.later(31)
    [other] = await database.write(due.claim, 10)

    await database.write(resume, [slow], office.tools.tokens)
    assert await office.messages(triggered) == []
    await database.write(resume, [other], office.tools.tokens)
    assert len(await office.messages(triggered)) == 1
    assert (other.attempt, other.failures) == (2, 1)


async def test_a_plan_that_fails_is_tried_again_and_given_up_and_its_neighbours_go_on(database: Database) -> None:
    office = await PushDesk.open(database, LATER)
    bad, good = await office.notify(), await office.notify()
    # A shape that no Relais writes, as a mistake of ours would; it has failed before.
    spoil = sa.update(notifications).where(notifications.c.id == bad.notification_id)
    await database.write(lambda connection: connection.execute(spoil.values(progress={"until": 7}, failures=3)))
    wakeup = LocalWakeup()
    runner = PlanRunner(database=database, wakeup=wakeup, tokens=PushTokens(), clock=lambda: datetime.now(UTC))

    async def over() -> bool:
        await database.write(make_due)
        wakeup.signal("plans")
        return bool((await office.notification(bad)).state == "failed")

    running = asyncio.create_task(runner.run())
    await until(over)
    runner.stop()
    await running

    assert (await office.notification(good)).state in ("done", "active")
    assert await office.story(bad) == ["waits", "retries", "failed"]


async def test_the_runner_sends_when_it_is_time_and_stops_when_told(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=[{"delay": "1s"}, {"send": "whatsapp"}]))
    runner = PlanRunner(database=database, wakeup=LocalWakeup(), tokens=PushTokens(), clock=lambda: datetime.now(UTC))
    running = asyncio.create_task(runner.run())
    await office.notify()

    async def queued() -> list[Any]:
        return await office.rows(messages)

    await until(queued)
    runner.stop()
    await running
