"""The desk in a real browser: the first link, the second factor, a dead letter by keys; within everybody's reach."""

import re

import pyotp
import pytest
from playwright.async_api import Page, expect

from server.parts import utc_now
from staff import Role, links, members
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.test_console import failed_message, notification

pytestmark = pytest.mark.browser

PASSWORD = "trois mangues mûres"


async def test_the_first_link_leads_to_an_admin_with_a_second_factor_who_logs_in_again(small_desk: DeskHouse) -> None:
    token = await small_desk.parts.database.write(links.first, utc_now())
    async with browsing(small_desk, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/links/{token}")
        await check(page)
        await page.get_by_label("Your name").fill("Awa Diallo")
        await page.get_by_label("Email").fill("awa@example.com")
        await page.get_by_label("New password").fill(PASSWORD)
        await page.get_by_role("button", name="Begin").click()

        await page.get_by_text("Or type it in by hand").click()
        secret = await page.locator("#secret").inner_text()
        await check(page)
        await page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
        await page.get_by_role("button", name="Turn on").click()
        await expect(page.locator("#codes li")).to_have_count(8)
        await check(page)
        await page.get_by_role("link", name="I kept them").click()
        await expect(page.get_by_role("heading", name="Overview", exact=True, level=1)).to_be_visible()

        await page.get_by_role("button", name="Log out").click()
        await expect(page.get_by_role("status")).to_contain_text("You are logged out")
        await page.get_by_label("Email").fill("awa@example.com")
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Log in").click()
        await check(page)
        # The period in which it was turned on is used up; a phone's clock may be one ahead.
        await page.get_by_label("Code").fill(pyotp.TOTP(secret).at(int(utc_now().timestamp()) + 30))
        await page.get_by_role("button", name="Log in").click()
        await expect(page.get_by_role("heading", name="Overview", exact=True, level=1)).to_be_visible()


async def test_an_agent_is_shown_no_way_to_what_is_not_theirs(small_desk: DeskHouse) -> None:
    agent = await small_desk.member(Role.AGENT, "kimia", "Jean Malonga")
    async with browsing(small_desk, agent, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/failed")
        menu = page.get_by_role("navigation", name="Menu")
        await expect(menu.get_by_role("link", name="Messages", exact=True)).to_be_visible()
        for name in ("Staff", "Audit", "Keys", "Health"):
            await expect(menu.get_by_role("link", name=name, exact=True)).to_have_count(0)
        for path in ("/staff", "/audit", "/keys", "/health"):
            await page.goto(f"{desk}{path}")
            await expect(page.get_by_role("heading", name="Not yours to see")).to_be_visible()


async def test_a_dead_letter_is_sent_again_with_two_keys(small_desk: DeskHouse) -> None:
    older, newer = [await failed_message(small_desk) for _ in range(2)]
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/failed")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await expect(page.locator("[data-row].at")).to_contain_text("healthy ecosystem")
        await page.keyboard.press("r")
        await expect(page.get_by_role("status")).to_contain_text("Sent again.")
        await expect(page.locator("[data-row]")).to_have_count(1)
        assert newer in await page.content()
        assert older not in await page.content()
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


async def test_what_is_looked_at_renews_itself(small_desk: DeskHouse) -> None:
    manager = await small_desk.member(Role.MANAGER, "kimia")
    async with browsing(small_desk, manager, locale="en-GB") as (page, desk):
        await page.clock.install()
        await page.goto(f"{desk}/health")
        failed = page.get_by_role("link", name=re.compile("Messages that failed"))
        await expect(failed).to_contain_text("0")
        await failed_message(small_desk)
        await page.clock.run_for(11_000)
        await expect(failed).to_contain_text("1")


async def test_a_theme_of_ones_own_beats_the_systems(small_desk: DeskHouse) -> None:
    admin = await small_desk.member(Role.ADMIN)
    async with browsing(small_desk, admin, color_scheme="light", locale="fr-FR") as (page, desk):
        await page.goto(f"{desk}/account")
        light = await ground(page)
        await page.get_by_label("Lumière").select_option("dark")
        await page.get_by_role("button", name="Garder").first.click()
        await expect(page.get_by_role("status")).to_contain_text("C’est gardé.")
        assert await ground(page) != light


@pytest.mark.slow
@pytest.mark.parametrize("size", [DESK_SIZE, PHONE_SIZE], ids=["desk", "phone"])
@pytest.mark.parametrize(("language", "theme"), [("fr", "dark"), ("en", "light")])
async def test_every_page_is_within_everybodys_reach(
    small_desk: DeskHouse, size: dict[str, int], language: str, theme: str
) -> None:
    admin = await small_desk.member(Role.ADMIN, name="Awa Diallo")
    await small_desk.parts.database.write(members.prefer, admin.id, name=admin.name, language=language, theme=theme)
    colleague = await small_desk.member(Role.AGENT, "kimia", "Jean Malonga")
    letter = await failed_message(small_desk, error="x" * 300)
    (pushed,) = await notification(small_desk)
    paths = (
        "/health",
        "/failed",
        f"/messages/{letter}",
        "/messages",
        "/notifications",
        f"/notifications/{pushed}",
        "/workflows",
        "/workflows/kimia/mission-delivered",
        "/templates",
        "/keys",
        "/staff",
        f"/staff/{colleague.id}",
        "/audit",
        "/account",
        "/nowhere",
    )
    async with browsing(small_desk, admin, size=size) as (page, desk):
        for path in paths:
            await page.goto(desk + path)
            await check(page)
        if size is PHONE_SIZE:
            await expect(page.get_by_role("link", name=re.compile("^(Staff|Équipe)$"))).to_be_hidden()
            await page.get_by_text("Menu").first.click()
            await expect(page.get_by_role("link", name=re.compile("^(Staff|Équipe)$"))).to_be_visible()
            await check(page)


async def ground(page: Page) -> str:
    found: str = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return found
