"""Plans ahead: counted by day, listed in order with why, taken back one or many, moved with their appointment."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from notifications.plans.calling_off import SLICE
from notifications.tables import messages, notifications
from server.desk.plans.days import leaf
from server.parts import utc_now
from staff import Role
from staff.audit import Deed
from staff.tables import staff_audit
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.plans.planning import (
    GRACE,
    PATRICE,
    book,
    day_in,
    many_more,
    planner,
    put_off,
    quiet_now,
    remind,
)


async def text(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


async def both_leaves(browser: Browser, days: float, query: str = "") -> str:
    """The month and the week of a day."""
    shown = [await browser.get(f"/plans?view={view}&day={day_in(days)}{query}") for view in ("month", "week")]
    assert shown[0].status_code == shown[1].status_code == 200
    return " ".join(each.text for each in shown)


async def test_a_month_says_how_much_leaves_on_each_day_and_leads_there(desk_house: DeskHouse) -> None:
    office, theirs = await planner(desk_house), await planner(desk_house, "jasmin")
    for to in (GRACE, PATRICE):
        await remind(office, to)
    await remind(theirs)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    page = await both_leaves(manager, 3)

    days = re.findall(r'/desk/plans/days/([\d-]+)\?[^"]*">.*?<b>(\d+)</b>', page, re.S)
    assert set(days) == {(day_in(3), "2")}
    assert "mission-reminder" in page
    assert "Nothing is planned" in await both_leaves(manager, 3, "&workflow=salon-appointment")
    assert "Nothing is planned" in await both_leaves(manager, 3, "&category=marketing")
    assert "Nothing is planned" not in await both_leaves(manager, 3, "&category=reminders")


async def test_a_day_says_who_gets_what_by_which_channel_and_why_then(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    reminder, appointment = await remind(office), await book(office, 4, PATRICE)
    await office.notify(GRACE, {"code": "B2"}, key="daily-summary")
    agent = await desk_house.as_role(Role.AGENT, "kimia")

    third, second = await text(agent, f"/plans/days/{day_in(3)}"), await text(agent, f"/plans/days/{day_in(2)}")

    assert re.search(r"Patrice Okemba salon-appointment Reminders SMS Appointment which is at", third)
    assert re.search(r"Grâce Moukoko mission-reminder Reminders WhatsApp Delay step 1 of 3", third)
    assert re.search(r"Grâce Moukoko daily-summary Tracking Email Gathered", second)
    listed = (await agent.get(f"/plans/days/{day_in(3)}")).text
    assert f"/notifications/{reminder.notification_id}" in listed
    assert f"/notifications/{appointment.notification_id}" in listed
    assert "Take back" not in listed, "agents look on"


async def test_what_quiet_hours_hold_is_told_apart_and_put_off_messages_count(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    await quiet_now(office)
    await office.notify(GRACE, {"code": "C3"}, key="promotional-offer")
    held = await put_off(office, 2, heeds_quiet=True)
    tried = await put_off(office, 2, error_code=131049)
    await put_off(office, -1)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    listed = await text(manager, f"/plans/days/{day_in(2 / 24)}")
    month = (await manager.get("/plans?view=week")).text

    assert listed.count("Quiet hours") == 2
    assert "promotional-offer Marketing WhatsApp Quiet hours" in listed
    assert "SMS Another try" in listed
    assert "2 wait for quiet hours" in month
    ids = re.findall(r"/desk/messages/([\w-]{36})", (await manager.get(f"/plans/days/{day_in(2 / 24)}")).text)
    assert ids == [held, tried], "what is due already is not ahead"


async def test_a_day_goes_on_page_by_page(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    first = await remind(office)
    await many_more(office, first, 70)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    path, seen = f"/plans/days/{day_in(3)}?business=kimia", list[str]()
    while path:
        page = html.unescape((await manager.get(path)).text)
        seen += re.findall(r'<tr data-row><td><a href="/desk/notifications/([\w-]{36})"', page)
        following = re.search(r'rel="next" href="/desk([^"]+)"', page)
        path = following[1] if following else ""

    assert len(seen) == len(set(seen)) == 71


async def test_one_is_taken_back_once_by_who_may(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    plan, waiting = await remind(office), await put_off(office, 72)
    manager, agent = await desk_house.as_role(Role.MANAGER, "kimia"), await desk_house.as_role(Role.AGENT, "kimia")
    form = {"day": day_in(3), "business": "kimia"}
    path = f"/plans/one/plan/{plan.notification_id}"

    assert (await agent.post(path, form)).status_code == 403
    done = await manager.post(path, form)
    again = await manager.post(path, form)
    await manager.post(f"/plans/one/message/{waiting}", form)

    assert done.headers["location"] == f"/desk/plans/days/{day_in(3)}?business=kimia&done=plans.done.one"
    assert "too_late" in again.headers["location"]
    assert (await office.notification(plan)).state == "cancelled"
    assert [row.status for row in await desk_house.house.rows(messages)] == ["cancelled"]
    assert "Nothing is planned on this day" in await text(manager, f"/plans/days/{day_in(3)}")
    assert "Taken back at the desk." in await text(manager, f"/notifications/{plan.notification_id}")
    kept = [(row.deed, row.subject_kind, row.subject_id) for row in await desk_house.house.rows(staff_audit)]
    assert kept == [
        (Deed.PLAN_CALLED_OFF, "notification", plan.notification_id),
        (Deed.PLAN_CALLED_OFF, "message", waiting),
    ]


async def test_a_whole_day_is_taken_back_in_slices_after_saying_how_many(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    first = await remind(office)
    await many_more(office, first, SLICE + 20)
    spared = await book(office, 4)
    waiting = await put_off(office, 72)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    path = f"/plans/days/{day_in(3)}/call-off"

    asked = (await manager.get(f"{path}?business=kimia&workflow=mission-reminder")).text
    assert f"{SLICE + 21} planned messages will not leave." in html.unescape(asked)
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked))
    later = await remind(office, PATRICE)
    answer = await manager.post(path, form)
    for _ in range(20):
        if f"{SLICE + 21} planned messages were taken back" in answer.text:
            break
        answer = await manager.post(path, dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text)))

    assert f"{SLICE + 21} planned messages were taken back" in answer.text
    active = {row.id for row in await desk_house.house.rows(notifications) if row.state == "active"}
    assert active == {spared.notification_id, later.notification_id}, "another workflow, and what came after the yes"
    assert [(row.id, row.status) for row in await desk_house.house.rows(messages)] == [(waiting, "queued")]
    deeds = [(row.deed, row.subject_id) for row in await desk_house.house.rows(staff_audit)]
    assert deeds == [(Deed.PLANS_CALLED_OFF, day_in(3))]


async def test_what_is_gathered_is_taken_back_as_one(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    gathered = [await office.notify(GRACE, {"code": "A1"}, key="daily-summary") for _ in range(3)]
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    await manager.post(f"/plans/one/plan/{gathered[0].notification_id}", {"day": day_in(2), "business": "kimia"})

    assert [(await office.notification(each)).state for each in gathered] == ["cancelled"] * 3


async def test_an_appointment_is_moved_with_everything_that_hangs_on_it(desk_house: DeskHouse) -> None:
    office = await planner(desk_house)
    booked, other = await book(office, 4), await book(office, 4, PATRICE)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    path = f"/plans/{booked.notification_id}/move"
    assert "2 plans hang on it" in await text(manager, path)
    wanted = f"{day_in(9)}T10:30"

    wrong = await manager.post(path, {"starts_at": "2020-01-01T10:00"})
    assert wrong.status_code == 422
    assert "Give a moment ahead" in wrong.text
    await manager.post(path, {"starts_at": wanted})

    for each in (booked, other):
        row = await office.notification(each)
        assert row.anchor["starts_at"] == f"{wanted}:00+01:00"
        await office.walk()
    assert day_in(8) in (await manager.get(f"/plans?view=week&day={day_in(8)}")).text
    assert (await office.notification(booked)).next_at == datetime.fromisoformat(f"{day_in(8)}T10:30:00+01:00")
    assert (await manager.get(f"/plans/{(await remind(office)).notification_id}/move")).status_code == 404
    assert [row.deed for row in await desk_house.house.rows(staff_audit)] == [Deed.ANCHOR_MOVED]


async def test_plans_of_another_business_are_neither_seen_nor_touched(desk_house: DeskHouse) -> None:
    theirs = await planner(desk_house, "jasmin")
    plan, booked = await remind(theirs), await book(theirs, 4)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    form = {"day": day_in(3), "business": "jasmin"}

    assert (await manager.get("/plans?business=jasmin")).status_code == 403
    assert (await manager.get(f"/plans/days/{day_in(3)}?business=jasmin")).status_code == 403
    assert (await manager.post(f"/plans/one/plan/{plan.notification_id}", form)).status_code == 403
    assert (await manager.get(f"/plans/{booked.notification_id}/move")).status_code == 403
    everything = {**form, "made_before": plan.notification_id, "gone": "0"}
    assert (await manager.post(f"/plans/days/{day_in(3)}/call-off", everything)).status_code == 403
    assert (await theirs.notification(plan)).state == "active"
    assert "Nothing is planned on this day" in await text(manager, f"/plans/days/{day_in(3)}")


async def test_what_is_planned_is_counted_in_its_index_alone(small_desk: DeskHouse) -> None:
    office = await planner(small_desk)
    await remind(office)
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    asked: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM notifications" in statement and "LIMIT" in statement:
            asked.append((statement, values))

    sa.event.listen(Engine, "before_cursor_execute", remember)
    try:
        await manager.get(f"/plans?view=week&day={day_in(3)}")
        await manager.get(f"/plans/days/{day_in(3)}")
    finally:
        sa.event.remove(Engine, "before_cursor_execute", remember)

    def plans_of(connection: Connection) -> list[str]:
        return [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values).all()) for each, values in asked]

    plans = await small_desk.parts.database.read(plans_of)
    assert plans
    assert all("ix_notifications_planned" in plan or "ix_notifications_resting" in plan for plan in plans)
    assert not any("SCAN notifications" in plan for plan in plans)
    counted = [plan for (statement, _), plan in zip(asked, plans, strict=True) if "GROUP BY" in statement]
    assert counted
    assert all("COVERING INDEX ix_notifications_planned" in plan for plan in counted)


TODAY = date(2026, 11, 24)


def test_a_month_is_whole_weeks_and_its_days_ahead() -> None:
    shown = leaf("month", None, TODAY)
    assert (shown.days[0], shown.days[-1]) == (date(2026, 10, 26), date(2026, 12, 6))
    assert (shown.ahead[0], shown.ahead[-1]) == (TODAY, date(2026, 11, 30))
    assert shown.before is None
    assert shown.after == date(2026, 12, 1)


def test_a_week_begins_on_monday() -> None:
    shown = leaf("week", date(2026, 12, 2), TODAY)
    assert (shown.first, shown.last) == (date(2026, 11, 30), date(2026, 12, 6))
    assert shown.before == date(2026, 11, 29)


@pytest.mark.parametrize("asked", [date(2020, 1, 1), date(9999, 12, 31)])
def test_a_day_that_is_over_or_too_far_is_today(asked: date) -> None:
    assert leaf("week", asked, TODAY) == leaf("week", None, TODAY)
    assert leaf("month", None, utc_now().date()).after is not None
    assert timedelta(0) < shown_length(leaf("month", asked, TODAY))


def shown_length(shown: Any) -> timedelta:
    length: timedelta = shown.last - shown.first
    return length
