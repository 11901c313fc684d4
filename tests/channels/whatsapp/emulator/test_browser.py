"""The phone page in a real browser: written, tapped, chosen and looked at as a person would."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser import FLAGS, chromium_path
from tests.channels.whatsapp.emulator.world import (
    GRACE,
    JASMIN,
    KIMIA,
    SAMI,
    Emulator,
    Receiver,
    buttons,
    emulating,
    eventually,
    listing,
    receiving,
    settings_in,
    text,
)

pytestmark = pytest.mark.browser

CHAT = f"{KIMIA}-{GRACE}"
PHONE_SIZE, DESK_SIZE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
TIMELINE = "*📦 DEMANDE COUR-20250127-061*\n" + "━" * 20 + "\n\n*📊 TIMELINE*\n✅ Demande créée\n🔵 En transit"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def page_at(browser: Browser, address: str, size: dict[str, int], **kwargs: Any) -> AsyncIterator[Page]:
    """A page on which any script error or blocked resource fails the test."""
    context = await browser.new_context(viewport={"width": size["width"], "height": size["height"]}, **kwargs)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    await page.goto(address)
    yield page
    await context.close()
    assert problems == []


async def test_one_chats_without_reloading(browser: Browser, emulator: Emulator, receiver: Receiver) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", DESK_SIZE) as page:
        await page.evaluate("window.sameDocument = true")
        await page.get_by_label("Message", exact=True).fill("Où est mon colis ?")
        await page.keyboard.press("Enter")
        await eventually(lambda: receiver.texts == ["Où est mon colis ?"])
        mine = page.locator(".message.person").last
        await expect(mine.get_by_label("Delivered")).to_be_visible()
        await _mark_read(emulator, receiver.messages[0]["id"])
        await expect(mine.get_by_label("Read")).to_be_visible()
        await expect(page.locator(".log .typing")).to_be_visible()

        wamid = await emulator.say(GRACE, buttons("Suivre", "Aide", body=TIMELINE))
        await expect(page.locator(".log .typing")).to_be_hidden()
        await expect(page.locator(".bubble strong").first).to_have_text("📦 DEMANDE COUR-20250127-061")
        await eventually(lambda: receiver.statuses[-1]["status"] == "read")
        await page.get_by_role("button", name="Suivre").click()
        await eventually(lambda: len(receiver.messages) == 2)
        assert receiver.messages[1]["interactive"]["button_reply"]["title"] == "Suivre"
        assert receiver.messages[1]["context"]["id"] == wamid
        await expect(page.locator(".message.person").last.locator("blockquote")).to_contain_text("DEMANDE")
        assert await page.evaluate("window.sameDocument") is True


async def test_a_row_is_chosen_from_the_sheet_with_the_keyboard(
    browser: Browser, emulator: Emulator, receiver: Receiver
) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", PHONE_SIZE) as page:
        await emulator.say(GRACE, listing("COUR-1", "COUR-2"))
        await page.get_by_role("button", name="Choose").press("Enter")
        sheet = page.get_by_role("dialog", name="Choose")
        await expect(sheet).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(sheet).to_be_hidden()
        await page.get_by_role("button", name="Choose").click()
        await sheet.get_by_role("radio", name=re.compile("COUR-2")).check()
        await sheet.get_by_role("button", name="Send").click()
        await eventually(lambda: len(receiver.messages) == 1)
        assert receiver.messages[0]["interactive"]["list_reply"]["id"] == "row-COUR-2"
        await expect(sheet).to_be_hidden()


async def test_on_a_phone_one_sees_the_list_or_one_chat_at_full_width(browser: Browser, emulator: Emulator) -> None:
    await emulator.say(GRACE, buttons("Suivre un colis", body=TIMELINE + "\n" + "x" * 300))
    async with page_at(browser, emulator.address, PHONE_SIZE) as page:
        assert await _unread(emulator) == 1  # not before anybody's eyes yet
        await expect(page.locator(".phone")).to_be_hidden()
        await page.get_by_role("link", name=re.compile("Grâce Mabiala")).click()
        phone = page.locator(".phone")
        await expect(phone).to_be_visible()
        box = await phone.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (390, 844)
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        assert await page.evaluate(
            "[...document.querySelectorAll('.log')].every(log => log.scrollWidth <= log.clientWidth)"
        )
        await eventually(lambda: _is_read(emulator))
        await page.get_by_role("link", name="All phones").click()
        await expect(page.get_by_role("heading", name="Phones")).to_be_visible()


async def test_two_phones_stand_side_by_side_and_hear_only_their_own(browser: Browser, emulator: Emulator) -> None:
    address = f"{emulator.address}/?open={CHAT}&open={JASMIN}-{SAMI}"
    async with page_at(browser, address, DESK_SIZE) as page:
        await emulator.say(SAMI, text("Hello Sami"), JASMIN)
        await expect(page.locator(f'[data-chat="{JASMIN}-{SAMI}"]').get_by_text("Hello Sami")).to_be_visible()
        await expect(page.locator(f'[data-chat="{CHAT}"]').get_by_text("Hello Sami")).to_have_count(0)
        boxes = [await phone.bounding_box() for phone in await page.locator(".phone").all()]
        assert all(box is not None for box in boxes)
        left, right = (box for box in boxes if box is not None)
        assert left["x"] + left["width"] <= right["x"]


async def test_places_photos_and_voice_notes_are_attached(
    browser: Browser, emulator: Emulator, receiver: Receiver
) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", DESK_SIZE) as page:
        for name in ("Marché Total", "Ready-made photo", "Ready-made voice note"):
            await page.get_by_role("button", name="Attach").click()
            await page.get_by_role("button", name=re.compile(name)).click()
        await eventually(lambda: len(receiver.messages) == 3)
        assert [message["type"] for message in receiver.messages] == ["location", "image", "audio"]
        picture = page.locator(".picture img")
        await expect(picture).to_be_visible()
        await eventually(lambda: _evaluates(page, "document.querySelector('.picture img').naturalWidth > 0"))
        await expect(page.locator(".voice .length")).to_have_text("0:03")


async def test_the_page_reconnects_by_itself_and_misses_nothing(browser: Browser, tmp_path: Path) -> None:
    receiver = Receiver()
    async with receiving(receiver) as url:
        settings = settings_in(tmp_path, url)
        async with emulating(settings) as first:
            port = int(first.address.rpartition(":")[2])
            context = await browser.new_context(viewport={"width": 1200, "height": 800})
            page = await context.new_page()
            await page.goto(f"{first.address}/?open={CHAT}")
            await first.say(GRACE, text("before"))
            await expect(page.locator(".text", has_text="before")).to_be_visible()
        await expect(page.locator(".notice")).to_have_text("The emulator does not answer. Trying again…")
        async with emulating(settings, port) as second:
            await second.say(GRACE, text("after"))
            await expect(page.locator(".text", has_text="after")).to_be_visible(timeout=10_000)
            await expect(page.locator(".text", has_text="before")).to_have_count(1)
            await expect(page.locator(".notice")).to_be_hidden()
            await context.close()


async def test_a_typed_script_is_only_shown(browser: Browser, emulator: Emulator) -> None:
    evil = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", DESK_SIZE) as page:
        await emulator.phone(GRACE, type="text", text=evil, name=evil)
        await emulator.say(GRACE, text(evil))
        await expect(page.locator(".message .text", has_text="<script>")).to_have_count(2)
        assert await page.title() == "WhatsApp emulator"


async def _mark_read(emulator: Emulator, wamid: str) -> None:
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    response = await emulator.graph({**mark, "typing_indicator": {"type": "text"}})
    assert response.json() == {"success": True}


async def _unread(emulator: Emulator) -> int:
    return sum(message["status"] != "read" for message in await emulator.chat(GRACE))


async def _is_read(emulator: Emulator) -> bool:
    return await _unread(emulator) == 0


async def _evaluates(page: Page, expression: str) -> bool:
    return bool(await page.evaluate(expression))
