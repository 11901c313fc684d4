"""A reviewer at work: reads what was not understood, says what it means by keys, and a manager takes it over."""

import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy.engine import URL

from staff import Role
from tests.server.desk.browser import PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.learning.schoolhouse import open_school, real_checkout, small_project

pytestmark = pytest.mark.browser


@pytest.fixture
async def school(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    desk = await open_school(sqlite_address, tmp_path, real_checkout(tmp_path / "project"))
    yield desk
    await desk.close()


async def test_what_was_not_understood_becomes_a_commit_on_a_branch(school: DeskHouse, tmp_path: Path) -> None:
    clarisse = await school.member(Role.MANAGER, "kimia", "Clarisse Ngoma")
    async with browsing(school, clarisse, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/learning")
        await explain_by_keys(page)
        await page.get_by_role("link", name="Temporary meanings").click()
        await page.wait_for_url("**/meanings*")
        await check(page)
        await page.keyboard.press("i")
        await page.keyboard.type("price_q")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Give its lines this meaning").click()
        await expect(page.get_by_role("main")).to_contain_text("No temporary meanings")

        await page.get_by_role("link", name="Changes", exact=True).click()
        branch = await commit(page)
        async with page.expect_download() as download:
            await page.keyboard.press("p")
        await (await download.value).save_as(tmp_path / "patch")

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=tmp_path / "project", capture_output=True, check=True)
        return done.stdout.decode()

    assert git("status", "--porcelain") == ""
    assert git("show", "-s", "--format=%an", branch) == "Clarisse Ngoma\n"
    assert "data/nlu/reviewed/track_delivery.yml" in git("show", "--stat", branch)
    git("apply", "--index", str(tmp_path / "patch"))
    assert git("diff", "--cached", branch, "--", "data") == ""


async def explain_by_keys(page: Page) -> None:
    """The line with a guess, by its number; the other by searching, which is undone; then by a name of one's own."""
    rows = page.locator("#queue > .unclear")
    count = page.get_by_role("link", name="Learning").locator(".count")
    await expect(count).to_have_text("3")
    await expect(rows).to_have_count(2)
    await check(page)
    await page.keyboard.press("j")
    if "kasi" not in await page.locator("#queue > .at .said").inner_text():
        await page.keyboard.press("j")
    await page.keyboard.press("1")
    await expect(page.locator("#queue > .decided")).to_contain_text("track_delivery")
    await expect(page.locator("#queue > .at .said")).to_have_text("pk c cher")
    await expect(count).to_have_text("1")
    await page.keyboard.press("i")
    await page.keyboard.type("price quest")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("price_question")
    await check(page)
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(0)
    await page.keyboard.press("z")
    await expect(rows).to_have_count(1)
    await page.keyboard.press("i")
    await page.keyboard.type("too expensive")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("a new, temporary meaning")
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(0)


async def commit(page: Page) -> str:
    """See what would change, and have it committed; the branch."""
    await expect(page.locator(".difference")).to_contain_text('"wapi colis na ngai kasi, 00 000 00 00"')
    await check(page)
    await page.get_by_role("button", name="Check, then commit").click()
    await expect(page.locator("#working")).to_be_visible()
    result = page.locator("#result")
    await expect(result).to_contain_text(re.compile("Committed to relais/reviewed-"), timeout=120_000)
    await check(page)
    return str(re.findall(r"relais/reviewed-[\d-]+", await result.inner_text())[0])


async def test_a_line_is_corrected_where_it_was_said(school: DeskHouse) -> None:
    sami = await school.member(Role.REVIEWER, "kimia", "Sami Trabelsi")
    async with browsing(school, sami, locale="fr-FR") as (page, desk):
        await page.goto(f"{desk}/learning")
        await page.locator(".said a", has_text="pk c cher").click()
        await page.wait_for_url("**/talks/**")
        await expect(page.get_by_role("log")).to_contain_text("pk c cher")
        await page.keyboard.press("c")
        panel = page.locator("form[data-panel]")
        await expect(panel).to_be_visible()
        await check(page)
        # It stays open while the talk renews itself.
        await school.house.says("et alors")
        await expect(page.get_by_role("log")).to_contain_text("et alors", timeout=20_000)
        await expect(panel).to_be_visible()

        await panel.get_by_text("Entités").first.click()
        await panel.locator("[data-marked]").evaluate("field => field.setSelectionRange(5, 9)")
        await panel.locator("[data-entity]").fill("price_word")
        await panel.get_by_role("button", name="Marquer").click()
        await expect(panel.locator("[data-marks]")).to_contain_text("« cher »")
        await check(page)
        await panel.locator("input[name=line]").fill("pourquoi c cher")
        await panel.locator("[data-meaning]").fill("price_q")
        await expect(panel.locator("[role=option][aria-selected=true]")).to_contain_text("price_question")
        await page.keyboard.press("Enter")
        await panel.get_by_role("button", name="Voilà ce que cela veut dire").click()
        said_so = page.locator(".said-so")
        await expect(said_so).to_contain_text("price_question, d’après Sami Trabelsi · 1 entité remarquée")

        await page.keyboard.press("J")
        await page.keyboard.press("c")
        await expect(panel).to_be_visible()
        await page.keyboard.press("o")
        await expect(said_so).to_have_count(2)


@pytest.mark.parametrize("context", [{"locale": "fr-FR"}, {"locale": "en-GB", "color_scheme": "dark"}])
async def test_it_is_within_everybodys_reach_on_a_phone(
    sqlite_address: URL, tmp_path: Path, context: dict[str, Any]
) -> None:
    school = await open_school(sqlite_address, tmp_path, small_project(tmp_path / "project"))
    try:
        manager = await school.member(Role.MANAGER, "kimia")
        async with browsing(school, manager, size=PHONE_SIZE, **context) as (page, desk):
            await page.goto(f"{desk}/learning")
            await check(page)
            await page.locator(".unclear .guesses button").first.click()
            await expect(page.locator(".decided")).to_have_count(1)
            await check(page)
            for path in ("changes", "meanings", "remarks"):
                await page.goto(f"{desk}/learning/{path}")
                await check(page)
    finally:
        await school.close()
