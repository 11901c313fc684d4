"""The overview in a real browser: drawn under the strict policy, read as tables, led from a bar to its rows."""

import pytest
from playwright.async_api import expect

from staff import Role
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.overview.said import fill

pytestmark = pytest.mark.browser


async def test_plots_are_drawn_and_a_bar_leads_to_its_rows(small_desk: DeskHouse) -> None:
    await fill(small_desk, days=7)
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, size=DESK_SIZE) as (page, address):
        await page.goto(f"{address}/overview?period=week")
        await page.wait_for_selector(".plot[data-drawn] canvas")
        await expect(page.locator(".plot[data-drawn]")).to_have_count(4)
        await check(page)

        plot = page.locator('[data-plot-of="traffic"] .u-over')
        await plot.scroll_into_view_if_needed()
        box = await plot.bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + box["width"] * (4.5 / 7), box["y"] + box["height"] - 5)
        await page.wait_for_selector(".tip:not([hidden])")
        await page.mouse.click(box["x"] + box["width"] * (4.5 / 7), box["y"] + box["height"] - 5)
        await page.wait_for_url("**/messages?**")
        await expect(page.locator("tbody tr").nth(5)).to_be_visible()


async def test_who_hears_the_page_reads_every_plot_as_a_table(small_desk: DeskHouse) -> None:
    await fill(small_desk, days=3)
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, size=PHONE_SIZE, color_scheme="dark") as (page, address):
        await page.goto(f"{address}/overview?period=month")
        await page.wait_for_selector(".plot[data-drawn] canvas")
        await check(page)
        for folded in await page.locator(".as-table > summary").all():
            await folded.click()
        await check(page)
        assert await page.get_by_role("table", name="", exact=False).count() >= 6
