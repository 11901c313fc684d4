"""Templates decided about in a real browser, by keys as well, while others create and decide."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.browser import FLAGS, chromium_path
from tests.channels.whatsapp.emulator.sends import flow
from tests.channels.whatsapp.emulator.test_browser import CHAT, DESK_SIZE, PHONE_SIZE, page_at
from tests.channels.whatsapp.emulator.world import GRACE, Emulator, Receiver, eventually
from tests.channels.whatsapp.emulator.written_templates import ARRIVED, created, decide

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()


def line(page: Page, language: str = "fr") -> Locator:
    return page.locator(".template", has=page.get_by_text(language, exact=True))


async def test_what_is_created_appears_and_is_decided_about_without_reloading(
    browser: Browser, served: Emulator, receiver: Receiver
) -> None:
    async with page_at(browser, f"{served.address}/templates", DESK_SIZE) as page:
        await page.evaluate("window.sameDocument = true")
        await created(served)
        await expect(page.locator("#in-review")).to_have_text("1")
        await line(page).get_by_role("button", name="Approve").click()
        await expect(line(page).locator(".standing")).to_have_text("Approved")
        await expect(page.locator("#in-review")).to_be_hidden()
        await expect(line(page).get_by_role("button", name="Pause")).to_be_hidden()  # done with: folded up

        await line(page).locator("summary").click()
        await line(page).get_by_role("combobox", name="Quality", exact=True).select_option("Low quality")
        await line(page).get_by_role("button", name="Change the quality").click()
        await expect(line(page).locator(".quality")).to_have_text("Low quality")
        await line(page).get_by_role("button", name="Pause").click()
        await line(page).get_by_role("button", name="Disable").click()
        await line(page).get_by_role("button", name="Reinstate").click()
        await expect(line(page).locator(".standing")).to_have_text("Approved")
        await eventually(lambda: len(receiver.changes) == 5)
        assert await page.evaluate("window.sameDocument") is True


async def test_a_template_is_rejected_with_keys_alone(browser: Browser, served: Emulator, receiver: Receiver) -> None:
    template_id = await created(served)
    await decide(served, template_id, "approve")
    async with page_at(browser, f"{served.address}/templates", DESK_SIZE, locale="fr-FR") as page:
        await line(page).locator("summary").focus()
        await page.keyboard.press("Enter")
        for _ in range(3):  # Suspendre, Désactiver, Motif
            await page.keyboard.press("Tab")
        await page.keyboard.type("Escroquerie")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(line(page).locator(".standing")).to_have_text("Refusé")
        await expect(line(page).locator(".because")).to_have_text("Refusé : Escroquerie")
        await expect(line(page).locator("summary")).to_be_focused()  # the button is gone, its place is kept
        await eventually(lambda: len(receiver.changes) == 2)
        assert receiver.values[1]["reason"] == "SCAM"


async def test_what_others_do_disturbs_no_choice_and_no_focus(browser: Browser, served: Emulator) -> None:
    await created(served)
    async with page_at(browser, f"{served.address}/templates", DESK_SIZE) as page:
        category = line(page).get_by_role("combobox", name="Category", exact=True)
        await category.focus()
        await category.select_option("Marketing")
        await created(served, {**ARRIVED, "language": "en"})
        await expect(line(page, "en")).to_be_visible()
        await expect(category).to_have_value("MARKETING")
        await expect(category).to_be_focused()


async def test_on_a_phone_the_list_fits_and_leads_back(browser: Browser, served: Emulator) -> None:
    await created(served, {**ARRIVED, "name": "a_very_long_name_" * 5})
    async with page_at(browser, served.address, PHONE_SIZE) as page:
        await page.get_by_role("link", name=re.compile("Message templates")).click()
        await expect(page.get_by_role("heading", name="Message templates")).to_be_visible()
        assert await page.evaluate("document.querySelector('main').scrollWidth") == PHONE_SIZE["width"]
        await page.get_by_role("link", name="All phones").click()
        await expect(page.get_by_role("heading", name="Phones")).to_be_visible()


async def test_a_flow_without_screens_is_filled_in(browser: Browser, served: Emulator, receiver: Receiver) -> None:
    async with page_at(browser, f"{served.address}/?open={CHAT}", PHONE_SIZE) as page:
        payload: dict[str, Any] = {"screen": "S", "data": {"day": "Monday"}}
        await served.say(GRACE, flow(flow_cta="Book", flow_action="navigate", flow_action_payload=payload))
        await page.get_by_role("button", name="Book").click()
        sheet = page.get_by_role("dialog", name="Book")
        await expect(sheet.get_by_label("day")).to_have_value("Monday")
        await sheet.get_by_text("Lists and numbers, as JSON").click()
        await sheet.get_by_role("textbox", name="Lists and numbers, as JSON").fill('{"seats": 2}')
        await sheet.get_by_role("button", name="Finish").click()
        await expect(page.get_by_text("Form sent")).to_be_visible()
        await eventually(lambda: len(receiver.messages) == 1)
        response = receiver.messages[0]["interactive"]["nfm_reply"]["response_json"]
        assert '"day": "Monday"' in response
        assert '"seats": 2' in response
