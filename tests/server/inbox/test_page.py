"""The little page of docs/inapp in a real browser: the bell counts, the list is right while one looks, on both tabs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect
from sqlalchemy.engine import URL
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from server.public import public_app
from server.settings import ROOT
from tests.browser import FLAGS, chromium_path
from tests.house import House, open_house, settings_for
from tests.server.api.shop import Shop
from tests.server.inbox.inboxes import may_show, row_of, shop_with_inbox, told
from tests.serving import serving
from tests.waiting import until

pytestmark = pytest.mark.browser

FOLDER = ROOT / "docs/inapp"
PHONE, DESK = {"width": 390, "height": 700}, {"width": 900, "height": 640}


@pytest.fixture
async def house(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[House]:
    opened = open_house(settings_for(sqlite_address, tmp_path))
    opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()


def shop_pages(shop: Shop, inbox: str) -> Starlette:
    """Kimia's own web server: the page, and the one route that it needs behind it."""

    async def index(_request: Request) -> Response:
        page = (FOLDER / "index.html").read_text(encoding="utf-8")
        policy = f"default-src 'self'; img-src data:; connect-src 'self' http://{inbox} ws://{inbox}"
        shown = page.replace("https://relais.example.com", f"http://{inbox}")
        return HTMLResponse(shown, headers={"Content-Security-Policy": policy})

    async def token(_request: Request) -> Response:
        answer = await shop.post("/v1/subscribers/grace/inbox-token", {"seconds": 900})
        return JSONResponse(answer.json(), answer.status_code)

    pages = StaticFiles(directory=FOLDER)
    return Starlette(routes=[Route("/", index), Route("/inbox-token", token, methods=["POST"]), Mount("/", pages)])


@asynccontextmanager
async def kimia(house: House) -> AsyncIterator[str]:
    """The address of the page, whose inbox is Grâce's."""
    shop = await shop_with_inbox(house)
    await shop.ask("PUT", "/v1/subscribers/grace", json={"name": "Grâce Mabiala"})
    async with serving(public_app(house.parts)) as inbox, serving(shop_pages(shop, inbox)) as page:
        await may_show(house, "kimia", f"http://{page}")
        yield f"http://{page}/"


@asynccontextmanager
async def looking(browser: Browser, address: str, size: dict[str, int], language: str) -> AsyncIterator[Page]:
    """A tab, in which any error of a script or refused request fails the test."""
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale=language, color_scheme="light"
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(20_000)
    await page.goto(address)
    yield page
    await context.close()
    assert problems == []


async def test_two_tabs_show_the_same_inbox(house: House, browser: Browser, tmp_path: Path) -> None:
    async with (
        kimia(house) as address,
        looking(browser, address, DESK, "fr-FR") as french,
        looking(browser, address, PHONE, "en-GB") as english,
    ):
        for page in (french, english):
            await page.locator(".bell").click()
            await expect(page.locator(".empty")).to_be_visible(timeout=20_000)
        await expect(french.locator(".bell")).to_have_attribute("aria-label", "Messages : aucun message non lu")

        older, newer = await told(house, count=2)
        for page in (french, english):
            await expect(page.locator(".number")).to_have_text("2", timeout=20_000)
            await expect(page.locator("li.unread")).to_have_count(2)
        await expect(french.locator(".older")).to_be_hidden()
        await _is_well_made(french, tmp_path / "fr.png")
        await _is_well_made(english, tmp_path / "en.png")

        await english.locator(".what").first.click()
        for page in (french, english):
            await expect(page.locator(".number")).to_have_text("1", timeout=20_000)
        await expect(french.locator(".spoken")).to_have_text("1 message non lu")

        await french.get_by_role("button", name="Ranger").last.click()
        for page in (french, english):
            await expect(page.locator("li")).to_have_count(1, timeout=20_000)
            await expect(page.locator(".number")).to_be_hidden()
        row: Any = await row_of(house, newer)
        assert (row.status, row.read_at is not None) == ("read", True)
        assert (await row_of(house, older)).archived_at is not None

        await french.keyboard.press("Escape")
        await expect(french.locator(".panel")).to_be_hidden()


async def test_a_tab_catches_up_with_a_server_that_was_restarted(house: House, browser: Browser) -> None:
    shop = await shop_with_inbox(house)
    await shop.ask("PUT", "/v1/subscribers/grace", json={})
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(AsyncExitStack())
        inbox = await running.enter_async_context(serving(public_app(house.parts)))
        address = await stack.enter_async_context(serving(shop_pages(shop, inbox)))
        await may_show(house, "kimia", f"http://{address}")
        page = await browser.new_page(locale="fr-FR")
        await page.goto(f"http://{address}/")
        await told(house)
        await expect(page.locator(".number")).to_have_text("1", timeout=20_000)

        await running.aclose()
        (missed,) = await told(house)
        port = int(inbox.rpartition(":")[2])
        await stack.enter_async_context(serving(public_app(house.parts), port=port))

        await expect(page.locator(".number")).to_have_text("2", timeout=20_000)

        async def is_delivered() -> bool:
            return bool((await row_of(house, missed)).status == "delivered")

        await until(is_delivered)
        await page.close()


async def _is_well_made(page: Page, picture: Path) -> None:
    """Nobody is shut out, and nothing is wider than the screen."""
    await page.screenshot(path=picture)
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
