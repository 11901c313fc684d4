"""A trial from one end to the other, in real browsers: a link is made, a guest writes and taps, an agent answers."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy.engine import URL

from server.public import public_app
from staff import Role
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.guest.guest_house import offering
from tests.serving import serving

pytestmark = pytest.mark.browser


async def new_page(page: Page, **options: Any) -> Page:
    """A page of another browser: it knows no cookie of the first."""
    browser = page.context.browser
    assert browser is not None
    return await (await browser.new_context(**options)).new_page()


async def make_link(page: Page, address: str) -> str:
    """The path of a new link, made at the desk."""
    await page.goto(f"{address}/guests")
    await expect(page.get_by_text("No link was made yet")).to_be_visible()
    await check(page)
    await page.keyboard.press("n")
    await page.get_by_label("For whom").fill("Support team, March")
    await page.get_by_label("Language of the page").select_option("en")
    await check(page)
    await page.locator("#make button.primary").click()
    told = await page.locator("#address").text_content()
    await check(page)
    return str(told)[str(told).index("/g/") :]


async def test_a_link_is_made_tried_answered_and_ended(sqlite_address: URL, tmp_path: Path) -> None:
    desk = open_desk(sqlite_address, tmp_path)
    desk.house.bot.answer = offering
    desk.house.start()
    try:
        await _trial(desk, tmp_path)
    finally:
        await desk.close()


async def _trial(desk: DeskHouse, tmp_path: Path) -> None:
    manager = await desk.member(Role.MANAGER, "kimia", "Amina Sow")
    async with (
        serving(public_app(desk.parts)) as outside,
        browsing(desk, manager, DESK_SIZE, locale="en-GB") as (page, address),
    ):
        link = await make_link(page, address)
        phone = await new_page(page, viewport=PHONE_SIZE, locale="en-GB", color_scheme="dark")
        await phone.goto(f"http://{outside}{link}")
        await _write_and_tap(phone, tmp_path)
        await _find_at_the_desk(page, address, tmp_path)
        await page.get_by_role("button", name="Take").first.click()
        await page.get_by_label("Your answer").fill("Amina here, what shall I do for you?")
        await page.keyboard.press("Control+Enter")
        await expect(phone.get_by_text("Amina here, what shall I do for you?")).to_be_visible()
        await expect(phone.get_by_text("You are talking with the team")).to_be_visible()
        await phone.get_by_label("Your message").fill("Thank you, Amina!")
        await phone.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("Thank you, Amina!")).to_be_visible()
        await phone.screenshot(path=tmp_path / "guest-and-agent.png")
        await page.goto(f"{address}/guests")
        await page.get_by_role("button", name="End Support team").click()
        await expect(page.get_by_text("The link has ended.")).to_be_visible()
        await expect(phone.get_by_text("This trial has ended")).to_be_visible()
        await check(phone)
    assert desk.house.whatsapp.sent == []


async def _write_and_tap(phone: Page, tmp_path: Path) -> None:
    await check(phone)
    await phone.screenshot(path=tmp_path / "guest-begins-dark.png")
    await phone.get_by_label("Your message").fill("Hello, who are you?")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_text("you said Hello, who are you?")).to_be_visible()
    await phone.get_by_role("button", name="Our prices").click()
    await expect(phone.get_by_text("You chose prices.")).to_be_visible()
    await check(phone)
    await phone.emulate_media(color_scheme="light")
    await phone.screenshot(path=tmp_path / "guest-talks.png")


async def _find_at_the_desk(page: Page, address: str, tmp_path: Path) -> None:
    """Marked in the list of talks, and by the channel; then on the page where an agent answers."""
    await page.goto(f"{address}/talks?view=all")
    await expect(page.locator(".talk-row").get_by_text("guest", exact=True)).to_be_visible()
    await page.goto(f"{address}/guests")
    await expect(page.get_by_text("1 of 10 came")).to_be_visible()
    await check(page)
    await page.screenshot(path=tmp_path / "guest-links.png")
    await page.get_by_role("link", name="Talks of guests").click()
    await page.locator(".talk-row a").click()
    await expect(page.locator("#talk-title")).to_have_text("Support team, March")
    await page.locator("#head a", has_text="Answer").click()
    await page.wait_for_url("**/team/**")


async def test_the_page_works_without_scripts(sqlite_address: URL, tmp_path: Path) -> None:
    desk = open_desk(sqlite_address, tmp_path)
    desk.house.bot.answer = offering
    desk.house.start()
    reviewer = await desk.member(Role.REVIEWER, "kimia")
    try:
        async with (
            serving(public_app(desk.parts)) as outside,
            browsing(desk, reviewer, locale="en-GB") as (page, address),
        ):
            link = await make_link(page, address)
            plain = await new_page(page, java_script_enabled=False)
            await plain.goto(f"http://{outside}{link}?lang=fr")
            await plain.get_by_role("button", name="Où est mon colis ?").click()
            await expect(plain.locator("li.guest .text")).to_have_text("Où est mon colis ?")
            await desk.house.quiet()
            await plain.reload()
            await plain.get_by_role("button", name="Our prices").click()
            await desk.house.quiet()
            await plain.goto(f"http://{outside}{link}?lang=fr")
            await expect(plain.get_by_text("You chose prices.")).to_be_visible()
    finally:
        await desk.close()
