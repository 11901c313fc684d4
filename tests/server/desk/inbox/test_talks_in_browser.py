"""A reader at work: walks through the list by keys, opens a talk, marks it; new turns appear by themselves."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy.engine import URL

from staff import Role
from tests.house import PATRICK
from tests.server.desk.browser import PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.desk.inbox.test_talks import live

pytestmark = pytest.mark.browser


@pytest.fixture
async def living(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    desk = open_desk(sqlite_address, tmp_path)
    await live(desk)
    yield desk
    await desk.house.stop()


async def test_a_reader_works_through_the_list_by_keys(living: DeskHouse) -> None:
    clarisse = await living.member(Role.MANAGER, "kimia", "Clarisse Ngoma")
    async with browsing(living, clarisse, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/talks")
        rows = page.locator("[data-row]")
        await expect(rows).to_have_count(2)
        await check(page)
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("e")
        await expect(page.locator(".talk-row.reviewed")).to_have_count(0)
        await expect(rows).to_have_count(1)

        await page.keyboard.press("k")
        await page.keyboard.press("Enter")
        talk = page.get_by_role("log")
        await expect(talk).to_contain_text("Je n’ai pas compris")
        await check(page)
        await talk.locator("details.turn summary").click()
        await expect(talk.get_by_text("What it may have meant")).to_be_visible()
        await talk.get_by_role("button", name="Why?").click()
        await expect(talk).to_contain_text("Said by the bot")
        head = page.locator("#head")
        await head.get_by_role("button", name="Flag").click()
        await expect(head.get_by_role("button", name="Take the flag away")).to_be_visible()
        await check(page)

        await living.house.says("et maintenant ?", PATRICK)
        await expect(talk).to_contain_text("et maintenant ?", timeout=20_000)
        await page.keyboard.press("/")
        await page.keyboard.type("COLIS")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("q=COLIS"))


@pytest.mark.parametrize("context", [{"locale": "fr-FR"}, {"locale": "en-GB", "color_scheme": "dark"}])
async def test_it_is_within_everybodys_reach_on_a_phone(living: DeskHouse, context: dict[str, Any]) -> None:
    reviewer = await living.member(Role.REVIEWER, "kimia")
    async with browsing(living, reviewer, size=PHONE_SIZE, **context) as (page, desk):
        await page.goto(f"{desk}/talks?view=all&fallback=true")
        await check(page)
        await page.locator("[data-row] a").first.click()
        await expect(page.get_by_role("log")).to_be_visible()
        await check(page)
