"""What was to be said before an appointment is not said once it has begun, whatever held it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications import claim
from notifications.plans.moving import Move
from notifications.tables import messages
from notifications.workflows.lint import Surroundings, lint
from storage.database import Database
from tests.notifications.plans.test_moving import GRACE, appointment
from tests.notifications.plans.test_quiet_hours import around_now, desk, why
from tests.notifications.push_desk import workflow

STEPS: list[dict[str, Any]] = [
    {"delay": {"before": "1h"}},
    {"send": "sms"},
    {"delay": {"after": "2h"}},
    {"send": "email"},
]


def reminder(steps: list[dict[str, Any]] = STEPS, **members: Any) -> Any:
    return workflow(category="reminders", steps=steps, **members)


async def test_a_reminder_that_a_night_holds_back_past_its_appointment_is_not_sent(database: Database) -> None:
    office = await desk(database, around_now(-1, 5), reminder())
    booked = await office.notify(GRACE, anchor=appointment(3))
    await office.later(2.1 * 3600)
    await office.walk()
    resting = await office.notification(booked)
    assert resting.next_at - datetime.now(UTC) <= timedelta(hours=0.9)
    await office.later(1 * 3600)
    await office.walk()

    assert await office.messages(booked) == []
    assert "What it was to be said before began at " in await why(office, booked.notification_id)
    assert "this step is left out" in await why(office, booked.notification_id)
    await desk(database, None)
    await office.later(2 * 3600)
    await office.walk()
    assert [each.channel for each in await office.messages(booked)] == ["email"]


async def test_a_reminder_that_waits_in_the_queue_past_its_appointment_does_not_leave(database: Database) -> None:
    office = await desk(database, None, reminder())
    booked = await office.notify(GRACE, anchor=appointment(1.5))
    await office.later(0.6 * 3600)
    await office.walk()
    (queued,) = await office.messages(booked)
    assert timedelta(minutes=53) < queued.expires_at - datetime.now(UTC) < timedelta(minutes=55)

    assert await database.write(claim.claim, 10, queued.expires_at + timedelta(minutes=1)) == []
    (row,) = await office.rows(messages, messages.c.id == queued.id)
    assert (row.status, row.error) == ("expired", "Its time was over before it could be sent.")


async def test_what_the_workflow_itself_lets_expire_earlier_does(database: Database) -> None:
    office = await desk(database, None, reminder(expires_after="3h"))
    booked = await office.notify(GRACE, anchor=appointment(3.5))
    await office.later(2.6 * 3600)
    await office.walk()
    (queued,) = await office.messages(booked)
    assert queued.expires_at - datetime.now(UTC) < timedelta(hours=0.5)


async def test_a_ladder_does_not_climb_after_the_appointment_began(database: Database) -> None:
    rungs = [{"channel": "whatsapp", "fallback_after": "50m"}, {"channel": "sms"}]
    office = await desk(database, None, reminder([{"delay": {"before": "30m"}}, {"ladder": rungs}]))
    booked = await office.notify(GRACE, anchor=appointment(1))
    await office.later(35 * 60)
    await office.walk()
    await office.later(51 * 60)
    await office.walk()

    assert [(each.channel, each.status) for each in await office.messages(booked)] == [("whatsapp", "cancelled")]
    assert (await office.notification(booked)).state == "done"
    assert "left out" in await why(office, booked.notification_id)


async def test_what_reached_somebody_in_time_is_told_as_such(database: Database) -> None:
    rungs = [{"channel": "whatsapp", "fallback_after": "50m"}, {"channel": "sms"}]
    office = await desk(database, None, reminder([{"delay": {"before": "30m"}}, {"ladder": rungs}]))
    booked = await office.notify(GRACE, anchor=appointment(1))
    await office.later(35 * 60)
    await office.walk()
    (sent,) = await office.messages(booked)
    await office.later(51 * 60)
    await office.becomes(sent.id, "delivered")
    await office.walk()
    assert "left out" not in await why(office, booked.notification_id)


async def test_what_quiet_hours_hold_back_waits_anew_when_the_appointment_moves(database: Database) -> None:
    office = await desk(database, around_now(-1, 3), reminder())
    booked = await office.notify(GRACE, anchor=appointment(2), cancellation_key="RDV-17")
    await office.later(1.1 * 3600)
    await office.walk()
    wish = Move(key="RDV-17", anchor=appointment(48))
    await database.write(office.desk.move_within, office.business_id, wish)
    await desk(database, None)
    await office.walk()

    assert await office.messages(booked) == []
    left = (await office.notification(booked)).next_at - datetime.now(UTC)
    assert timedelta(hours=46.9) < left < timedelta(hours=47.1)


@pytest.mark.parametrize(
    ("steps", "late"),
    [
        (STEPS, []),
        ([{"delay": {"before": "1h"}}, {"send": "sms"}, {"delay": "2h"}, {"send": "email"}], ["steps.3"]),
        ([{"delay": {"before": "1d"}}, {"send": "sms"}, {"delay": "2h"}, {"send": "email"}], []),
        (
            [{"delay": {"before": "5m"}}, {"digest": {"key": "payload.code", "window": "10m"}}, {"send": "sms"}],
            ["steps.2"],
        ),
    ],
)
def test_a_step_that_always_comes_too_late_is_named(steps: list[dict[str, Any]], late: list[str]) -> None:
    found = lint(reminder(steps), Surroundings())
    assert [each.field for each in found if each.rule == "too_late"] == late
