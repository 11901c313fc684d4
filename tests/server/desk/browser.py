"""The desk in a headless Chromium: served for real, with a page that fails on any script error, picture and check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from server.desk.door import COOKIE
from staff import Member
from tests.browser import ANSWER_MILLISECONDS, FLAGS, chromium_path
from tests.server.desk.desk_house import DeskHouse
from tests.serving import serving

PHONE_SIZE, DESK_SIZE = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
MAX_PAGE_BYTES = 150_000

_SERIOUS = ("serious", "critical")

# A machine may be busy with other tests: what is waited for comes, and what does not come fails all the same.
expect.set_options(timeout=ANSWER_MILLISECONDS)


@asynccontextmanager
async def browsing(
    desk: DeskHouse, member: Member | None = None, size: dict[str, int] = DESK_SIZE, **context: Any
) -> AsyncIterator[tuple[Page, str]]:
    """A page of a new browser, logged in as this member, and the address of the desk.

    Any script error, or anything that the content security policy blocked, fails the test.
    """
    async with serving(desk.app) as port, async_playwright() as playwright:
        address = f"http://{port}"
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            # Half faded in, words have too little contrast: nothing moves, as for whoever asks their system for that.
            viewport: Any = {"width": size["width"], "height": size["height"]}
            opened = await browser.new_context(viewport=viewport, reduced_motion="reduce", **context)
            if member is not None:
                token = await desk.session(member)
                cookie: Any = {"name": COOKIE, "value": token, "url": f"{address}/desk", "sameSite": "Strict"}
                await opened.add_cookies([cookie])
            page = await opened.new_page()
            problems: list[str] = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
            yield page, f"{address}/desk"
            assert problems == []
        finally:
            await browser.close()


async def check(page: Page) -> None:
    """What stands on the page is within reach of everybody, fits its window, and is no more than a page may weigh."""
    found = (await Axe().run(page)).response["violations"]
    told = [f"{each['id']}: {node['html']}" for each in found if each["impact"] in _SERIOUS for node in each["nodes"]]
    assert not told, "\n".join(told)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert len(await page.content()) < MAX_PAGE_BYTES


async def picture(page: Page, file: Path) -> None:
    """Take a picture of the window, once nothing moves."""
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=file, animations="disabled")
