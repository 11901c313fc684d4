"""Reminders hang on an appointment: they follow it when it moves, and none speaks of a time that is past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from notifications.plans import due
from notifications.plans.moving import Move, Moved
from notifications.plans.resuming import resume
from notifications.tables import notification_decisions, notifications
from notifications.triggering import Recipient, Triggered, TriggerError
from notifications.workflows import BadWorkflow, read_anchor
from storage.database import Database
from tests.notifications.push_desk import PushDesk, make_due, workflow

STEPS: list[dict[str, Any]] = [
    {"send": "whatsapp"},
    {"delay": {"before": "1d"}},
    {"send": "sms"},
    {"delay": {"before": "1h"}},
    {"send": "email"},
]
BOOKED = workflow(steps=STEPS, category="reminders")
GRACE = Recipient(phone="+242061234567", email="grace@example.com")


def appointment(hours: float, **members: Any) -> dict[str, Any]:
    at = datetime.now(UTC) + timedelta(hours=hours)
    return {
        "type": "appointment",
        "id": "RDV-17",
        "starts_at": at.isoformat(),
        "timezone": "Africa/Brazzaville",
    } | members


class Salon(PushDesk):
    """Takes appointments."""

    async def book(self, hours: float, code: str = "A1", **members: Any) -> Triggered:
        return await self.notify(GRACE, {"code": code}, anchor=appointment(hours, **members), cancellation_key="RDV-17")

    async def move(self, hours: float, payload: dict[str, Any] | None = None, **members: Any) -> list[Moved]:
        wish = Move(key="RDV-17", anchor=appointment(hours, **members), payload=payload)
        return await self.database.write(self.desk.move_within, self.business_id, wish)

    async def due_in(self, triggered: Triggered) -> float:
        """Hours until the plan goes on."""
        row = await self.notification(triggered)
        return float((row.next_at - datetime.now(UTC)).total_seconds() / 3600)

    async def told(self, triggered: Triggered) -> list[tuple[str, str]]:
        return [(each.channel, each.status) for each in await self.messages(triggered)]

    async def reasons(self, triggered: Triggered) -> list[str]:
        d = notification_decisions.c
        rows = await self.rows(notification_decisions, d.notification_id == triggered.notification_id)
        return [f"{row.decision}: {row.reason}" for row in rows]


@pytest.fixture
async def salon(database: Database) -> Salon:
    return await Salon.open(database, BOOKED)  # type: ignore[return-value]


async def test_delays_count_from_the_appointment(salon: Salon) -> None:
    booked = await salon.book(72)
    assert await salon.due_in(booked) == pytest.approx(48, abs=0.1)
    await salon.later(48.1 * 3600)
    await salon.walk()

    assert [channel for channel, _ in await salon.told(booked)] == ["whatsapp", "sms"]


async def test_who_books_shortly_before_gets_no_reminder_of_what_has_passed(salon: Salon) -> None:
    booked = await salon.book(3)

    assert [channel for channel, _ in await salon.told(booked)] == ["whatsapp"]
    assert await salon.due_in(booked) == pytest.approx(2, abs=0.1)
    assert any(
        "skipped: Its moment," in each and "the step after it is left out" in each
        for each in await salon.reasons(booked)
    )
    half_an_hour = {"anchor": appointment(0.5, id="RDV-18"), "cancellation_key": "RDV-18"}
    at_once = await salon.notify("+242055551234", {"code": "B2"}, **half_an_hour)
    assert at_once.state == "done"


async def test_a_move_takes_what_waits_along_and_leaves_what_was_done(salon: Salon) -> None:
    booked = await salon.book(72)
    await salon.becomes(booked.message_ids[0], "delivered")
    (moved,) = await salon.move(96)
    await salon.walk()

    assert moved.is_moved
    assert await salon.due_in(booked) == pytest.approx(72, abs=0.1)
    assert await salon.told(booked) == [("whatsapp", "delivered")]
    assert any(
        each.startswith("moved: From ") and "(Africa/Brazzaville)" in each for each in await salon.reasons(booked)
    )


async def test_a_move_closer_leaves_out_what_has_passed(salon: Salon) -> None:
    booked = await salon.book(72)
    await salon.becomes(booked.message_ids[0], "delivered")
    await salon.move(5)
    await salon.walk()

    assert [channel for channel, _ in await salon.told(booked)] == ["whatsapp"]
    assert await salon.due_in(booked) == pytest.approx(4, abs=0.1)
    await salon.move(0.5)
    await salon.walk()
    assert (await salon.notification(booked)).state == "done"


async def test_what_has_not_left_is_called_back_and_told_anew(salon: Salon) -> None:
    booked = await salon.book(72)
    await salon.becomes(booked.message_ids[0], "delivered")
    await salon.later(48.1 * 3600)
    await salon.walk()
    (moved,) = await salon.move(96, {"code": "NEW"})
    await salon.walk()

    assert moved.called_back == 1
    assert await salon.told(booked) == [("whatsapp", "delivered"), ("sms", "cancelled")]
    await salon.later(72.1 * 3600)
    await salon.walk()
    assert (await salon.told(booked))[-1] == ("sms", "queued")
    assert (await salon.messages(booked))[-1].said == "SMS NEW"


async def test_what_is_told_after_a_move_says_the_new_time(database: Database) -> None:
    words = {"text": {"fr": "Le {{ anchor | moment }}", "en": "On {{ anchor | moment }}"}}
    reminder = workflow(steps=[{"delay": {"before": "1d"}}, {"send": "sms"}], contents={"sms": words})
    salon = await Salon.open(database, reminder)
    assert isinstance(salon, Salon)
    booked = await salon.book(72)
    await salon.move(96, starts_at="2031-12-05T19:30:00+01:00")
    await salon.database.write(make_due)
    await salon.database.write(_appointment_is_near, booked.notification_id)
    await salon.walk()

    (message,) = await salon.messages(booked)
    assert message.said == "Le ven. 5 déc., 19:30"


def _appointment_is_near(connection: Connection, notification_id: str) -> None:
    """The delay before it is over."""
    is_it = notifications.c.id == notification_id
    connection.execute(sa.update(notifications).where(is_it).values(position=1, progress={}))


async def test_the_same_key_again_moves_and_makes_no_second_reminder(salon: Salon) -> None:
    booked = await salon.book(72)
    again = await salon.book(96, code="A2")
    same = await salon.book(96, code="A2", starts_at=(await salon.notification(booked)).anchor["starts_at"])

    assert (again.notification_id, again.is_moved) == (booked.notification_id, True)
    assert (same.notification_id, same.is_moved) == (booked.notification_id, False)
    assert (await salon.notification(booked)).payload == {"code": "A2"}
    other = await salon.notify("+242055551234", {"code": "B"}, anchor=appointment(96), cancellation_key="RDV-17")
    assert other.notification_id != booked.notification_id


async def test_an_older_revision_changes_nothing(salon: Salon) -> None:
    booked = await salon.book(72, revision=3)
    (late,) = await salon.move(96, revision=2)

    assert not late.is_moved
    assert await salon.due_in(booked) == pytest.approx(48, abs=0.1)
    assert any("its revision 2 is older than 3" in each for each in await salon.reasons(booked))


async def test_another_appointment_with_the_same_key_is_left_alone(salon: Salon) -> None:
    await salon.book(72)
    assert await salon.move(96, id="RDV-99") == []


async def test_whoever_walks_a_plan_that_moves_meanwhile_writes_nothing(salon: Salon) -> None:
    booked = await salon.book(72)
    await salon.later(48.1 * 3600)
    claimed = await salon.database.write(due.claim, 10)
    await salon.move(200)
    await salon.database.write(resume, claimed, salon.tools.tokens)

    assert [channel for channel, _ in await salon.told(booked)] == ["whatsapp"]


async def test_what_expires_does_so_later_with_it(database: Database) -> None:
    salon = await Salon.open(database, workflow(steps=STEPS, category="reminders", expires_after="3d"))
    assert isinstance(salon, Salon)
    booked = await salon.book(72)
    before = (await salon.notification(booked)).expires_at
    await salon.move(96)

    assert (await salon.notification(booked)).expires_at - before == pytest.approx(
        timedelta(hours=24), abs=timedelta(minutes=1)
    )


@pytest.mark.parametrize(
    ("anchor", "problem"),
    [
        (None, "is missing; this workflow waits until before or after it"),
        (appointment(1, starts_at="tomorrow"), "starts_at is no moment"),
        (appointment(1, timezone="Mars/Base"), "has no timezone such as"),
    ],
)
async def test_an_anchor_that_cannot_be_used_is_refused(salon: Salon, anchor: Any, problem: str) -> None:
    with pytest.raises(TriggerError) as refused:
        await salon.notify(anchor=anchor)
    (found,) = refused.value.problems
    assert found.field == "anchor"
    assert problem in found.problem


def test_a_day_before_is_the_same_hour_also_when_the_clocks_change() -> None:
    paris = read_anchor({"starts_at": "2026-10-25T10:00:00", "timezone": "Europe/Paris"})
    assert paris.around(-timedelta(days=1)) == datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert paris.around(-timedelta(hours=24)) == paris.around(-timedelta(days=1))
    assert paris.around(timedelta(hours=2)) == datetime(2026, 10, 25, 11, tzinfo=UTC)
    assert read_anchor({"starts_at": "2026-10-25T10:00:00"}, "Africa/Tunis").starts_at.isoformat().endswith("+01:00")


@given(st.integers(-30, 30), st.sampled_from(["Africa/Cairo", "Europe/Paris", "Africa/Casablanca", "Africa/Tunis"]))
def test_whole_days_keep_the_hour_in_every_zone(days: int, zone: str) -> None:
    anchor = read_anchor({"starts_at": "2026-10-30T12:00:00", "timezone": zone})
    assert anchor.around(timedelta(days=days)).astimezone(anchor.starts_at.tzinfo).hour == 12


def test_a_delay_names_one_moment() -> None:
    with pytest.raises(BadWorkflow, match="one moment"):
        workflow(steps=[{"delay": {"before": "1d", "after": "2h"}}, {"send": "sms"}])
