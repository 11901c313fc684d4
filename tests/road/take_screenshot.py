"""Takes the picture of README.md: `python -m tests.road.take_screenshot`, after `make train`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import ANSWER_MILLISECONDS, PhonePage, chromium
from tests.stack import ROOT, running_stack

TARGET = ROOT / "docs/images/phone.png"


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with running_stack(Path(tempfile.mkdtemp())) as stack, chromium() as browser:
        stack.ask("242055551234", "hello")
        page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 900}, device_scale_factor=2)
        grace = PhonePage(page, stack.emulator, "Grâce Mabiala")
        grace.ask("où est ma commande COUR-20250127-061 ?", "COUR-20250127-061")
        page.get_by_label("beside: Patrick").or_(page.locator("a.beside").first).first.click()
        patrick = page.locator("section.phone").nth(1)
        patrick.get_by_role("textbox").fill("show me the fish")
        patrick.get_by_role("textbox").press("Enter")
        expect(patrick.locator(".carousel")).to_be_visible(timeout=ANSWER_MILLISECONDS)
        page.wait_for_load_state("networkidle")  # its photos
        page.screenshot(path=TARGET)
    sys.stdout.write(f"{TARGET.relative_to(ROOT)} is taken; look at it before you commit it.\n")


if __name__ == "__main__":
    main()
