"""A real headless Chromium, and the phone page as a person uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ANSWER_MILLISECONDS = 20_000

expect.set_options(timeout=ANSWER_MILLISECONDS)


def chromium_path() -> str:
    """Debian's Chromium; nothing is downloaded, and a test without it fails."""
    path = which("chromium")
    assert path, "Chromium is not installed: apt-get install chromium"
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class PhonePage:
    """One phone of the emulator's page."""

    def __init__(self, page: Page, address: str, person: str) -> None:
        page.set_default_timeout(ANSWER_MILLISECONDS)
        page.goto(address)
        page.get_by_role("navigation").get_by_text(person).first.click()
        self.page = page
        self.screen = page.locator("section.phone")
        expect(self.screen).to_be_visible()

    @property
    def answers(self) -> Locator:
        """Everything the business wrote, oldest first."""
        return self.screen.locator("li.message.business")

    def write(self, text: str) -> None:
        self.screen.get_by_role("textbox").fill(text)
        self.screen.get_by_role("textbox").press("Enter")

    def ask(self, text: str, expected: str) -> Locator:
        """Write, and wait for the answer that holds the expected words."""
        last = self.newest_id()
        self.write(text)
        return self.await_answer(last, expected)

    def tap(self, button: str, expected: str) -> Locator:
        """Tap the newest button of that name, and wait for the answer that holds the expected words."""
        last = self.newest_id()
        self.screen.get_by_role("button", name=button).last.click()
        return self.await_answer(last, expected)

    def newest_id(self) -> int:
        """The id of the last message shown; 0 when there is none."""
        ids = self.screen.locator("li.message[data-id]").evaluate_all("all => all.map(each => +each.dataset.id)")
        return max(ids, default=0)

    def await_answer(self, last: int, expected: str, kind: str = "") -> Locator:
        """The message of the business that came after that one and holds the expected words."""
        after = f"xpath=.//li[contains(@class, 'business {kind}') and number(@data-id) > {last}]"
        answer = self.screen.locator(after).filter(has_text=expected).last
        expect(answer).to_be_visible()
        return answer
