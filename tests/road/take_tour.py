"""Takes the pictures of docs/conversation.md: `python -m tests.road.take_tour`, after `make train`.

Each shows the end of a scripted conversation, as its person sees it on the phone page.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.browser import PhonePage, chromium
from tests.road.test_scripts import NUMBERS, SCRIPTS, hold_script
from tests.stack import ROOT, Stack, running_stack

TARGET = ROOT / "docs/images/conversation"
COLOURS = 48
PERSON = "Mireille"
TOUR = {
    "parcel": ("A parcel by addresses, with a note, confirmed twice", 9),
    "shop": ("From the shelves to the cart, and its quantity changed", 9),
    "checkout": ("A cart from the catalogue becomes an order in cash, confirmed twice, and is there once", 6),
    "track": ("Grâce does the same in English", 3),
    "late": ("Not late yet, then late because of the rain, then delivered", 2),
    "claim": ("A photo first, then what it shows; the team decides, and pays back", 99),
    "push": ("A reminder is answered with a yes, then its hour is to be another, which is for the team", 3),
    "rating": ("A bad score offers more than thanks, and its words are kept", 3),
    "self": ("No more notifications, of which kind; everything off, and one back on", 99),
    "data": ("My data in English, while the business is away, then as a file", 99),
}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with running_stack(Path(tempfile.mkdtemp())) as stack, chromium() as browser:
        for name, (title, turns) in TOUR.items():
            script = next(each for each in SCRIPTS if each["name"] == title)
            hold(stack, {**script, "turns": script["turns"][:turns]})
            page = browser.new_page(locale=f"{script['language']}-FR", viewport={"width": 400, "height": 860})
            PhonePage(page, stack.emulator, PERSON)
            page.wait_for_load_state("networkidle")  # its photos
            keep(page.screenshot(), TARGET / f"{name}.png")
            page.close()
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}/ is taken; look at it before you commit it.\n")


def hold(stack: Stack, script: dict[str, object]) -> None:
    """Hold this much of a script, by a person who has a name and is the last on the page's list."""
    phone, number = str(script["phone"]).lstrip("+"), NUMBERS[str(script.get("business", "kimia"))]
    stack.http.post(
        f"{stack.emulator}/api/phones", json={"phone": phone, "phone_number_id": number, "name": PERSON}
    ).raise_for_status()
    hold_script(stack, script)


def keep(picture: bytes, path: Path) -> None:
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
