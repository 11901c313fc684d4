"""What does not reach a person is seen on the page all the same, and seen to have failed."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser import FLAGS, chromium_path
from tests.channels.whatsapp.emulator.test_browser import CHAT, PHONE_SIZE, page_at
from tests.channels.whatsapp.emulator.world import (
    GRACE,
    PROGRAM,
    Emulator,
    Receiver,
    asking,
    eventually,
    settings_in,
    text,
)


@pytest.mark.parametrize(("language", "words"), [("fr", "Non distribué"), ("en", "Not delivered")])
async def test_a_message_outside_the_window_is_marked(tmp_path: Path, language: str, words: str) -> None:
    async with asking(settings_in(tmp_path, window="failed_status")) as strict:
        await strict.say(GRACE, text("Anybody there?"))
        page = await strict.http.get("/", params={"open": CHAT}, headers={"Accept-Language": language})
        assert page.text.count(words) == 1
        await strict.phone(GRACE, type="text", text="Yes")
        await strict.say(GRACE, text("Good."))
        page = await strict.http.get("/", params={"open": CHAT}, headers={"Accept-Language": language})
        assert page.text.count(words) == 1


@pytest.mark.browser
async def test_it_is_marked_as_soon_as_it_fails(served: Emulator, receiver: Receiver) -> None:
    await served.http.post("/api/policy", json={"window": "failed_status"}, headers=PROGRAM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        async with page_at(browser, f"{served.address}/?open={CHAT}", PHONE_SIZE) as page:
            await served.say(GRACE, text("Anybody there?"))
            await expect(page.locator(".message.business .undelivered")).to_have_text("Not delivered")
            await eventually(lambda: [status["status"] for status in receiver.statuses] == ["failed"])
        await browser.close()
