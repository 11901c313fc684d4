"""The people, the numbers and the webhook bodies that the channel's tests share."""

import json
from pathlib import Path
from typing import Any

from channels.whatsapp.webhook import InboundMessage, Item, StatusUpdate, TextReceived, parse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "whatsapp" / "inbound"

KIMIA = "100000000000001"
JASMIN = "100000000000002"
KIMIA_ACCOUNT = "200000000000001"
JASMIN_ACCOUNT = "200000000000002"

GRACE = "242061234567"
GRACE_ID = "CG.13491208655302741918"
PATRICK = "242055551234"
SAMI = "21620123456"


def fixture_bytes(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(fixture_bytes(name))
    return document


def only(name: str) -> Item:
    (item,) = parse(fixture_bytes(name))
    return item


def message(name: str) -> InboundMessage:
    item = only(name)
    assert isinstance(item, InboundMessage)
    return item


def status(name: str) -> StatusUpdate:
    item = only(name)
    assert isinstance(item, StatusUpdate)
    return item


def text_of(item: Item) -> str:
    assert isinstance(item, InboundMessage)
    assert isinstance(item.content, TextReceived)
    return item.content.body
