"""People are let rest by their own clocks: what can wait does, what is critical goes, nothing old is said later."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from notifications import claim
from notifications.explain import explain
from notifications.notification_story import explain_notification
from notifications.quiet import QuietHours
from notifications.tables import messages
from notifications.triggering import Recipient
from notifications.workflows import Workflow
from storage.database import Database
from storage.tables import businesses
from tests.notifications.push_desk import PushDesk, workflow

NIGHT = QuietHours(times=(("mon-sun", "21:00-08:00"),))
GRACE = Recipient(phone="+242061234567", timezone="Africa/Brazzaville")


def around_now(begins: int = -1, ends: int = 2) -> dict[str, Any]:
    """Quiet from so many hours from now until so many, by the clocks of Brazzaville."""
    now = datetime.now(ZoneInfo("Africa/Brazzaville"))
    begin, end = (now + timedelta(hours=hours) for hours in (begins, ends))
    return {"times": {"mon-sun": f"{begin:%H:%M}-{end:%H:%M}"}}


async def desk(database: Database, quiet: dict[str, Any] | None, *workflows: Workflow) -> PushDesk:
    made = await PushDesk.open(database, *workflows)

    def write(connection: Connection) -> None:
        is_it = businesses.c.id == made.business_id
        connection.execute(sa.update(businesses).where(is_it).values(quiet_hours=quiet))

    await database.write(write)
    return made


def promotion(**members: Any) -> Workflow:
    return workflow(category="marketing", lane="bulk", **members)


async def why(office: PushDesk, notification_id: str) -> str:
    story = await office.database.read(explain_notification, notification_id)
    assert story is not None
    return " ".join(each["why"] for each in story["story"])


async def test_marketing_waits_for_the_end_of_the_night_and_explain_says_until_when(database: Database) -> None:
    office = await desk(database, around_now(), promotion())
    triggered = await office.notify(GRACE)

    assert (triggered.state, triggered.message_ids) == ("active", ())
    row = await office.notification(triggered)
    assert timedelta(minutes=118) < row.next_at - datetime.now(UTC) <= timedelta(hours=2)
    assert "Quiet hours until" in await why(office, triggered.notification_id)
    assert "(Africa/Brazzaville); marketing messages wait for their end." in await why(
        office, triggered.notification_id
    )
    await desk(database, around_now(5, 6), promotion())
    await office.later(2.1 * 3600)
    await office.walk()
    assert len(await office.messages(triggered)) == 1


@pytest.mark.parametrize(
    ("quiet", "members", "waits"),
    [
        (around_now(), {"category": "tracking"}, False),
        (around_now(), {"category": "reminders"}, True),
        (around_now(), {"category": "reminders", "critical": True}, False),
        (around_now(), {"category": "reminders", "quiet_hours": "ignore"}, False),
        (around_now(), {"category": "tracking", "quiet_hours": "heed"}, True),
        (around_now(), {"category": "reminders", "steps": [{"send": "inapp"}]}, False),
        (around_now() | {"categories": ["tracking"]}, {"category": "tracking"}, True),
        (around_now() | {"categories": ["tracking"]}, {"category": "reminders"}, False),
        (around_now(3, 5), {"category": "reminders"}, False),
        (None, {"category": "marketing"}, False),
    ],
)
async def test_what_waits_is_said_by_category_and_workflow(
    database: Database, quiet: dict[str, Any] | None, members: dict[str, Any], waits: bool
) -> None:
    office = await desk(database, quiet, workflow(**members))
    triggered = await office.notify(GRACE)
    assert (triggered.message_ids == ()) == waits


async def test_it_is_the_person_s_night_and_not_the_business_s(database: Database) -> None:
    office = await desk(database, around_now(-1, 1), promotion())
    far = Recipient(phone="+33612345678", timezone="Asia/Tokyo")
    assert (await office.notify(far)).message_ids != ()
    assert (await office.notify(GRACE)).message_ids == ()


async def test_what_expires_in_the_night_is_not_said_in_the_morning(database: Database) -> None:
    office = await desk(database, around_now(), promotion(expires_after="1h"))
    triggered = await office.notify(GRACE)
    row = await office.notification(triggered)
    assert row.next_at - datetime.now(UTC) <= timedelta(hours=1)
    await office.later(1.1 * 3600)
    await office.walk()

    assert (await office.notification(triggered)).state == "expired"
    assert await office.messages(triggered) == []


async def test_a_ladder_does_not_climb_at_night(database: Database) -> None:
    rungs = [{"channel": "whatsapp", "fallback_after": "10m"}, {"channel": "sms"}]
    office = await desk(database, None, promotion(steps=[{"ladder": rungs}]))
    triggered = await office.notify(GRACE)
    await office.becomes(triggered.message_ids[0], "sent")
    await desk(database, around_now(), promotion())
    await office.later(11 * 60)
    await office.walk()
    assert [each.channel for each in await office.messages(triggered)] == ["whatsapp"]

    await desk(database, None)
    await office.later(2.1 * 3600)
    await office.walk()
    assert [each.channel for each in await office.messages(triggered)] == ["whatsapp", "sms"]


async def test_a_digest_closes_at_night_and_speaks_in_the_morning(database: Database) -> None:
    gathers = [{"digest": {"key": "payload.code", "window": "5m"}}, {"send": "sms"}]
    office = await desk(database, around_now(), promotion(steps=gathers))
    first, _ = await office.notify(GRACE), await office.notify(GRACE)
    await office.later(301)
    await office.walk()
    assert await office.messages(first) == []
    assert (await office.notification(first)).state == "active"

    await desk(database, None)
    await office.later(2.1 * 3600)
    await office.walk()
    assert len(await office.messages(first)) == 1


async def test_what_was_queued_before_the_night_does_not_leave_in_it(database: Database) -> None:
    office = await desk(database, around_now(5, 6), promotion(steps=[{"send": "sms"}]))
    triggered = await office.notify(GRACE)
    await desk(database, around_now())
    assert await database.write(claim.claim, 10, datetime.now(UTC)) == []

    (row,) = await office.rows(messages, messages.c.notification_id == triggered.notification_id)
    assert timedelta(minutes=118) < row.run_at - datetime.now(UTC) <= timedelta(hours=2)
    story = await database.read(explain, row.id)
    assert story is not None
    assert "Quiet hours until" in str(story["story"])


async def test_a_dry_run_says_until_when(database: Database) -> None:
    office = await desk(database, around_now(), promotion())
    rehearsal = await office.desk.rehearse(office.trigger(GRACE))
    assert rehearsal.messages == ()
    assert "Quiet hours until" in rehearsal.decisions[0]["reason"]


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sampled_from(["Africa/Cairo", "Europe/Paris", "Africa/Casablanca", "Africa/Tunis"]),
)
def test_the_night_ends_at_eight_by_the_person_s_clocks_whatever_these_do(minutes: int, zone: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hour = now.astimezone(ZoneInfo(zone)).hour
    end = NIGHT.end(now, zone)
    assert (end is not None) == (hour >= 21 or hour < 8)
    if end is not None:
        local = end.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (8, 0)
        assert timedelta() < end - now <= timedelta(hours=12)


def test_what_is_always_quiet_ends_all_the_same() -> None:
    always = QuietHours(times=(("mon-sun", "00:00-00:00"),))
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    end = always.end(now, "UTC")
    assert end is not None
    assert end - now < timedelta(days=17)
