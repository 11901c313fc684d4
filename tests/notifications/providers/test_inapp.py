"""In-app delivery keeps the contract of every provider; what a browser could be tricked with is no message."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from channels.failures import Remedy
from notifications.providers import Accepted, Provider
from notifications.providers.inapp import InAppProvider
from tests.notifications.providers.contract import MESSAGE_ID, AnyEnd, DeliveryContract, deliver, failed


@dataclass
class OwnInbox:
    """There is no server behind it: an accepted message is in the inbox as soon as it is settled."""

    recipient: str = "0198f0a2-1111-7cc0-8a51-2f1f0f5b6c01"
    payload: dict[str, Any] = field(default_factory=lambda: {"title": "Colis", "body": "Votre colis est là."})

    def build(self) -> Provider:
        return InAppProvider()


class TestInApp(DeliveryContract):
    @pytest.fixture
    def other_end(self) -> AnyEnd:
        return OwnInbox()


async def test_receipts_find_a_message_by_our_own_id() -> None:
    outcome = await deliver(OwnInbox())

    assert isinstance(outcome, Accepted)
    assert outcome.provider_message_id == MESSAGE_ID


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " https://kimia.example",
        "data:text/html,<b>",
        "//elsewhere.example/x",
        "/\\elsewhere.example",
        "https://",
        "https://[",
        "kimia.example",
        "",
        7,
        "https://kimia.example/" + "a" * 2_000,
    ],
)
async def test_where_a_tap_leads_is_a_page_or_a_path(url: Any) -> None:
    end = OwnInbox()

    outcome = await failed(end, payload={**end.payload, "url": url})

    assert outcome.remedy is Remedy.MEND_REQUEST
    assert outcome.reason.startswith("url ")
    assert str(url) not in outcome.reason or url in ("", 7)


@pytest.mark.parametrize("url", ["https://kimia.example/d/1?a=b#c", "http://127.0.0.1:9000/x", "/orders/7"])
async def test_pages_and_paths_are_taken(url: str) -> None:
    end = OwnInbox()
    end.payload["url"] = url

    assert isinstance(await deliver(end), Accepted)


@pytest.mark.parametrize(("name", "words"), [("title", "x" * 301), ("text", "x" * 4_001), ("title", " "), ("text", "")])
async def test_words_have_a_length(name: str, words: str) -> None:
    end = OwnInbox()
    end.payload["body" if name == "text" else name] = words

    assert (await failed(end)).reason.startswith(name)
