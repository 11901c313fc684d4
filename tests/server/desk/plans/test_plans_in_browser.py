"""Plans ahead in a browser: from the month to the day, one taken back by a key, a day taken back whole."""

import re

import pytest
from playwright.async_api import expect

from staff import Role, members
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.plans.planning import PATRICE, book, day_in, many_more, planner, quiet_now, remind

pytestmark = pytest.mark.browser


async def test_from_the_month_to_a_day_where_one_is_taken_back_by_a_key(small_desk: DeskHouse) -> None:
    office = await planner(small_desk)
    await remind(office)
    await remind(office, PATRICE)
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/plans?day={day_in(3)}")
        await check(page)
        await page.get_by_role("link", name=re.compile("mission-reminder")).click()
        rows = page.locator("tr[data-row]")
        await expect(rows).to_have_count(2)
        await check(page)
        await page.keyboard.press("j")
        await page.keyboard.press("d")
        await expect(page.get_by_role("status")).to_contain_text("It is taken back.")
        await expect(rows).to_have_count(1)


async def test_a_day_is_taken_back_whole_by_a_page_that_goes_on_by_itself(
    small_desk: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.desk.plans.calling_off.AT_ONCE_SECONDS", 0.001)
    office = await planner(small_desk)
    await many_more(office, await remind(office), 449)
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/plans/days/{day_in(3)}")
        await page.get_by_role("link", name="Take all back").click()
        await expect(page.get_by_text("450 planned messages will not leave.")).to_be_visible()
        await check(page)
        await page.get_by_role("button", name="Take them back").click()
        await expect(page.get_by_text("450 planned messages were taken back.")).to_be_visible()
        await check(page)
        await page.get_by_role("link", name="Plans ahead", exact=True).last.click()
        await expect(page.get_by_text("Nothing is planned here.")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("size", [DESK_SIZE, PHONE_SIZE], ids=["desk", "phone"])
@pytest.mark.parametrize(("language", "theme"), [("fr", "dark"), ("en", "light")])
async def test_its_pages_are_within_everybodys_reach(
    small_desk: DeskHouse, size: dict[str, int], language: str, theme: str
) -> None:
    office = await planner(small_desk)
    await quiet_now(office)
    await remind(office)
    booked = await book(office, 4)
    await office.notify(PATRICE, {"code": "C3"}, key="promotional-offer")
    admin = await small_desk.member(Role.ADMIN)
    await small_desk.parts.database.write(members.prefer, admin.id, name=admin.name, language=language, theme=theme)
    async with browsing(small_desk, admin, size=size) as (page, desk):
        for path in (
            "/plans",
            "/plans?view=week",
            f"/plans?view=week&day={day_in(3)}",
            f"/plans/days/{day_in(0)}",
            f"/plans/days/{day_in(3)}",
            f"/plans/days/{day_in(3)}/call-off",
            f"/plans/{booked.notification_id}/move",
        ):
            await page.goto(f"{desk}{path}{'&' if '?' in path else '?'}business=kimia")
            await check(page)
