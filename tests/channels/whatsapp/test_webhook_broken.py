"""What cannot be read is kept, its neighbours are read, and what is not ours is refused."""

import json
from typing import Any

import pytest

from channels.whatsapp.webhook import (
    BadWebhook,
    InboundMessage,
    OtherChange,
    OtherReceived,
    StatusUpdate,
    TextReceived,
    Unreadable,
    parse,
)
from tests.channels.whatsapp.cast import (
    KIMIA,
    KIMIA_ACCOUNT,
    fixture,
    fixture_bytes,
    message,
    text_of,
)


def test_among_several_contacts_a_message_of_nobody_is_not_given_to_the_first() -> None:
    body = fixture("contacts_in_another_order")
    del body["entry"][0]["changes"][0]["value"]["messages"][0]["from"]

    first, second = parse(json.dumps(body).encode())

    assert isinstance(first, Unreadable)
    assert first.problem == "message.from is missing"
    assert text_of(second) == "deux"


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "yesterday", "-1", "1.5", "١٢٣", True, -1, 1.5, "9" * 20, "9" * 5000, {}, ["1750091045"]],
    ids=repr,
)
def test_a_message_without_a_moment_is_kept_as_unreadable(timestamp: Any) -> None:
    body = fixture("text")
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = timestamp

    (item,) = parse(json.dumps(body).encode())

    assert isinstance(item, Unreadable)
    assert item.problem.startswith("message.timestamp is not")


def test_an_interactive_message_without_its_object_is_kept_and_so_is_its_error() -> None:
    broken, error = parse(fixture_bytes("interactive_without_its_object"))

    assert isinstance(broken, InboundMessage)
    assert broken.content == OtherReceived(kind="interactive")
    assert isinstance(error, OtherChange)
    assert error.field == "messages"
    assert error.phone_number_id == KIMIA
    assert error.raw["value"]["errors"][0]["code"] == 131000
    assert "messages" not in error.raw["value"]


def test_items_that_break_become_unreadable_and_their_neighbours_survive() -> None:
    items = parse(fixture_bytes("broken_beside_whole"))

    assert [text_of(item) for item in items if isinstance(item, InboundMessage)] == ["un", "trois"]
    assert [item.wamid for item in items if isinstance(item, StatusUpdate)] == ["wamid.OURS2"]
    assert [item.problem for item in items if isinstance(item, Unreadable)] == [
        "message.text is not an object",
        "message is not an object",
        "message.timestamp is not a whole number",
        "status.status is missing",
    ]


def test_what_was_unreadable_is_a_body_of_its_own_that_can_be_repaired_and_read() -> None:
    broken = next(item for item in parse(fixture_bytes("broken_beside_whole")) if isinstance(item, Unreadable))
    assert [type(item) for item in parse(json.dumps(broken.raw).encode())] == [Unreadable]

    broken.raw["entry"][0]["changes"][0]["value"]["messages"][0]["text"] = {"body": "deux"}
    (item,) = parse(json.dumps(broken.raw).encode())

    assert text_of(item) == "deux"
    assert isinstance(item, InboundMessage)
    assert item.sender.name == "Grâce Mabiala"


def test_a_message_to_nobody_we_know_is_unreadable() -> None:
    body = fixture("text")
    del body["entry"][0]["changes"][0]["value"]["metadata"]

    (item,) = parse(json.dumps(body).encode())

    assert isinstance(item, Unreadable)
    assert (item.phone_number_id, item.problem) == (None, "metadata.phone_number_id is missing")


@pytest.mark.parametrize(
    "entries",
    [
        {"entry": "x"},
        {},
        {"entry": ["x"]},
        {"entry": [{"id": "1"}]},
        {"entry": [{"id": "1", "changes": {}}]},
        {"entry": [{"id": "1", "changes": ["x"]}]},
        {"entry": [{"id": "1", "changes": [{"value": {}}]}]},
        {"entry": [{"id": "1", "changes": [{"field": "messages"}]}]},
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": "x"}]}]},
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": {"messages": "x"}}]}]},
    ],
    ids=json.dumps,
)
def test_a_body_of_ours_in_an_odd_shape_is_kept_as_unreadable(entries: dict[str, Any]) -> None:
    body = {"object": "whatsapp_business_account", **entries}

    (item,) = parse(json.dumps(body).encode())

    assert isinstance(item, Unreadable)
    assert item.raw == body


def test_a_change_with_nothing_to_read_is_kept() -> None:
    body = fixture("text")
    change = body["entry"][0]["changes"][0]
    del change["value"]["messages"]

    assert parse(json.dumps(body).encode()) == [
        OtherChange(field="messages", raw=change, phone_number_id=KIMIA, waba_id=KIMIA_ACCOUNT)
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"object":"page","entry":[]}',
        b'{"object":"whatsapp_business_account","entry":[',
        b'{"object":"whatsapp_business_account","entry":NaN}',
        b'{"object":"whatsapp_business_account","entry":1e999}',
        b'{"object":"whatsapp_business_account","entry":' + b"9" * 5000 + b"}",
        b'{"object":"whatsapp_business_account","entry":' + b"[" * 200_000,
        b'{"object":"whatsapp_business_account","entry":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
        b"\xff\xfe\xfd",
    ],
    ids=lambda body: repr(body[:60]),
)
def test_a_body_that_is_not_ours_is_refused_without_being_quoted(body: bytes) -> None:
    with pytest.raises(BadWebhook, match=r"^the body is not (JSON|an object of whatsapp_business_account)$"):
        parse(body)


def test_what_no_database_stores_is_replaced_in_the_text_and_in_what_is_kept() -> None:
    read = message("text_with_half_an_emoji_and_a_nul")

    assert read.content == TextReceived(body="a\ufffdb")
    assert read.raw["text"] == {"body": "a\ufffdb"}
    assert read.sender.name == "Grâce \ufffd"
