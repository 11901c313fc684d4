"""The phone page in a real browser: written, tapped, chosen and looked at as a person would."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser import FLAGS, chromium_path
from tests.channels.whatsapp.emulator.sends import card, carousel, location_request, product_list
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
# A microphone that beeps, and that nobody has to allow.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PHONE_SIZE, DESK_SIZE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
TIMELINE = "*📦 DEMANDE COUR-20250127-061*\n" + "━" * 20 + "\n\n*📊 TIMELINE*\n✅ Demande créée\n🔵 En transit"


@pytest.fixture
async def emulator(served: Emulator) -> Emulator:
    return served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *MICROPHONE])
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


async def test_files_places_and_cards_are_attached(browser: Browser, emulator: Emulator, receiver: Receiver) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", DESK_SIZE) as page:
        for names in (
            ("Ready-made photo",),
            ("Ready-made video",),
            ("Ready-made voice note",),
            ("Location", "Marché Total"),
            ("Contact", "Patrick Ngoma"),
        ):
            await page.get_by_role("button", name="Attach").click()
            for name in names:
                await page.get_by_role("dialog").get_by_role("button", name=re.compile(name)).click()
        await eventually(lambda: len(receiver.messages) == 5)
        assert [message["type"] for message in receiver.messages] == ["image", "video", "audio", "location", "contacts"]
        await eventually(lambda: _evaluates(page, "document.querySelector('.picture img').naturalWidth > 0"))
        await eventually(lambda: _evaluates(page, "document.querySelector('.film video').videoWidth > 0"))
        await expect(page.locator(".voice .length")).to_have_text("0:03")


async def test_a_voice_note_is_recorded(browser: Browser, emulator: Emulator, receiver: Receiver) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", PHONE_SIZE) as page:
        await page.get_by_role("button", name="Record a voice note").click()
        await expect(page.locator(".recording .elapsed")).to_have_text("0:01")
        await page.get_by_role("button", name="Send", exact=True).click()
        await eventually(lambda: len(receiver.messages) == 1)
        sound = receiver.messages[0]["audio"]
        assert (sound["mime_type"], sound["voice"]) == ("audio/ogg; codecs=opus", True)
        await expect(page.locator(".voice .length")).to_have_text(re.compile("0:0[12]"))  # a browser can play it
        await page.get_by_role("button", name="Record a voice note").click()
        await page.get_by_role("button", name="Discard").click()
        await page.get_by_label("Message", exact=True).fill("written instead")
        await page.get_by_role("button", name="Send", exact=True).click()
        await eventually(lambda: receiver.texts == ["written instead"])
        assert len(receiver.messages) == 2


async def test_a_carousel_is_turned_and_a_cart_is_filled(
    browser: Browser, emulator: Emulator, receiver: Receiver
) -> None:
    header = {"type": "image", "image": {"link": f"{emulator.address}/static/sample-photo.jpg"}}
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", PHONE_SIZE) as page:
        await emulator.say(GRACE, carousel(*(card(index, f"Buy {index}", header=header) for index in range(5))))
        third = page.get_by_role("button", name="Buy 3")
        await expect(third).not_to_be_in_viewport(ratio=0.9)
        for _ in range(3):
            await page.get_by_role("button", name="Next card").click()
        await expect(third).to_be_in_viewport(ratio=0.9)
        await third.click()
        await eventually(lambda: len(receiver.messages) == 1)
        assert receiver.messages[0]["interactive"]["button_reply"]["id"] == "3-Buy 3"

        await emulator.say(GRACE, product_list(["eru", "koki"], titles=False))
        await page.get_by_role("button", name="View items").click()
        for _ in range(2):
            await page.get_by_role("button", name="One more koki").click()
        await page.get_by_label("Add a note").fill("with pepper")
        await page.get_by_role("button", name="Send order").click()
        await eventually(lambda: len(receiver.messages) == 2)
        order = receiver.messages[1]["order"]
        assert [(item["product_retailer_id"], item["quantity"]) for item in order["product_items"]] == [("koki", 2)]
        assert order["text"] == "with pepper"


async def test_messages_are_reacted_to_quoted_edited_and_taken_back(
    browser: Browser, emulator: Emulator, receiver: Receiver
) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", DESK_SIZE) as page:
        asked = await emulator.say(GRACE, text("Where are you?"))
        await _menu(page, "business", "React with 👍")
        await expect(page.locator(".business .reactions")).to_have_text("👍")
        await _menu(page, "business", "Reply")
        await expect(page.locator(".quoting")).to_contain_text("Where are you?")
        await page.keyboard.type("At hoem")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.person[data-id] blockquote")).to_contain_text("Where are you?")
        await _menu(page, "person", "Edit")
        await expect(page.get_by_label("Message", exact=True)).to_have_value("At hoem")
        await page.get_by_label("Message", exact=True).fill("At home")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.person .text")).to_have_text("At home")
        await _menu(page, "person", "Delete for everyone")
        await expect(page.locator(".message.person .text")).to_contain_text("This message was deleted")
        await eventually(lambda: len(receiver.messages) == 4)
        assert [message["type"] for message in receiver.messages] == ["reaction", "text", "edit", "revoke"]
        assert receiver.messages[1]["context"]["id"] == asked


async def test_a_request_for_a_place_opens_the_places(browser: Browser, emulator: Emulator, receiver: Receiver) -> None:
    async with page_at(browser, f"{emulator.address}/?open={CHAT}", PHONE_SIZE) as page:
        wamid = await emulator.say(GRACE, location_request())
        await page.get_by_role("button", name="Send location").click()
        await page.get_by_role("button", name=re.compile("Gare centrale")).click()
        await eventually(lambda: len(receiver.messages) == 1)
        assert receiver.messages[0]["context"]["id"] == wamid


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


async def _menu(page: Page, sender: str, choice: str) -> None:
    """Choose something in the menu of that side's newest message."""
    message = page.locator(f".message.{sender}[data-id]").last
    await message.hover()
    await message.get_by_role("button", name="Actions").click()
    await page.get_by_role("dialog").get_by_role("button", name=choice, exact=True).click()


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
