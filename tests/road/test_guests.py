"""A guest tries the real assistant by a link: understanding, actions and the business's system answer on the page."""

import re

import httpx
import pytest

from server.desk.door import COOKIE, csrf_of
from tests.house import GRACE
from tests.stack import Stack, running_stack

pytestmark = pytest.mark.stack

DELIVERY = "COUR-20250127-061"
WITHIN_SECONDS = 30.0


def test_a_guest_follows_the_demos_delivery_and_taps(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_stack(tmp_path_factory.mktemp("guests"), GUEST_PHONE=f"+{GRACE}") as stack:
        with httpx.Client(base_url=stack.public, follow_redirects=True) as guest:
            link = _made_link(stack)
            assert guest.post(link, data={"text": f"where is my parcel {DELIVERY}?"}).status_code == 200
            page = _sees(stack, guest, link, "In transit", ours=1)
            form = re.findall(r'<form class="taps".*?</form>', page, re.DOTALL)[-1]
            fields = dict(re.findall(r'name="(key|message)" value="([^"]*)"', form))
            choice, title = re.findall(r'name="choice" value="([^"]+)">([^<]+)', form)[0]
            count = page.count('class="ours"')
            assert guest.post(link, data={**fields, "choice": choice}).status_code == 200
            _sees(stack, guest, link, title, ours=count + 1)
        # The phone whose delivery it is has heard nothing of it.
        assert stack.chat(GRACE) == []


def _made_link(stack: Stack) -> str:
    """The path of a link, made at the desk by whoever enters the demo."""
    with httpx.Client(base_url=f"http://127.0.0.1:{stack.port['PRIVATE']}", follow_redirects=False) as desk:
        desk.post("/desk/demo")
        told = {"business": "kimia", "label": "Road test", "language": "en", "days": "1", "guests": "2"}
        made = desk.post("/desk/guests", data={"csrf": csrf_of(desk.cookies[COOKIE]), **told})
        found = re.search(r"/g/[A-Za-z0-9_-]{32}", made.text)
        assert found is not None, made.text
        return found[0]


def _sees(stack: Stack, guest: httpx.Client, link: str, words: str, ours: int = 0) -> str:
    """The page, once these words stand on it and so many messages of the assistant's, and nothing is on its way."""
    seen = [""]

    def stands() -> bool:
        seen[0] = guest.get(link).text
        return words in seen[0] and seen[0].count('class="ours"') >= ours and 'data-busy="no"' in seen[0]

    stack.until(stands, WITHIN_SECONDS, lambda: f"{words} on the guest's page: {seen[0]}")
    return seen[0]
