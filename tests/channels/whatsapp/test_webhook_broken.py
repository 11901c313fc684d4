"""What cannot be read is kept, its neighbours are read, and what is not ours is refused."""

import json
from typing import Any

import pytest

from channels.whatsapp.webhook import (
    BadWebhook,
    EditReceived,
    FlowReply,
    InboundMessage,
    Item,
    OtherChange,
    OtherReceived,
    TemplateStatusChange,
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


def test_what_was_unreadable_is_a_body_of_its_own_that_can_be_repaired_and_read() -> None:
    broken = next(item for item in parse(fixture_bytes("broken_beside_whole")) if isinstance(item, Unreadable))
    assert [type(item) for item in parse(json.dumps(broken.raw).encode())] == [Unreadable]

    broken.raw["entry"][0]["changes"][0]["value"]["messages"][0]["text"] = {"body": "deux"}
    (item,) = parse(json.dumps(broken.raw).encode())

    assert text_of(item) == "deux"
    assert isinstance(item, InboundMessage)
    assert item.sender.name == "Grâce Mabiala"


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("text", {"body": None}, "text.body is missing"),
        ("image", {"caption": "x"}, "image.id is missing"),
        ("location", {"latitude": "north", "longitude": 1}, "location.latitude is not a number"),
        ("location", {"latitude": 1, "longitude": True}, "location.longitude is not a number"),
        ("location", {"latitude": 90.5, "longitude": 1}, "location.latitude is not a latitude"),
        ("location", {"latitude": 1, "longitude": "1e999"}, "location.longitude is not a longitude"),
        ("contacts", {}, "contacts is not a list"),
        ("contacts", ["x"], "contacts[0] is not an object"),
        ("order", {"catalog_id": "1", "product_items": {}}, "order.product_items is not a list"),
        ("order", {"product_items": []}, "order.catalog_id is missing"),
        ("reaction", {"emoji": "x"}, "reaction.message_id is missing"),
        ("system", {"body": "x"}, "system.type is missing"),
        ("button", {"payload": ""}, "button.payload is missing"),
        ("interactive", {"button_reply": {}}, "interactive.type is missing"),
        ("interactive", {"type": "list_reply"}, "interactive.list_reply is missing"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": "x"}, "interactive.nfm_reply is not an object"),
        ("edit", {"original_message_id": "x"}, "edit.message is missing"),
        ("edit", {"message": {"type": "hologram"}}, "edit.original_message_id is missing"),
        ("edit", {"original_message_id": "x", "message": {"type": "text"}}, "edit.message.text is missing"),
        ("revoke", {}, "revoke.original_message_id is missing"),
        ("hologram", [], None),
    ],
)
def test_a_message_that_lacks_its_point_is_kept_and_told_by_the_path(
    kind: str, content: Any, problem: str | None
) -> None:
    item = only_message({"type": kind, kind: content})

    assert (item.problem if isinstance(item, Unreadable) else None) == (problem and f"message.{problem}")


@pytest.mark.parametrize(
    ("member", "odd", "problem"),
    [
        ("item_price", -1, "is not a price"),
        ("item_price", 10**16, "is not a price"),
        ("item_price", "NaN", "is not a finite number"),
        ("item_price", "nine", "is not a number"),
        ("item_price", True, "is not a number"),
        ("item_price", None, "is not a number"),
        ("quantity", 1.5, "is not a whole number"),
        ("quantity", -1, "is not a whole number"),
        ("currency", None, "is missing"),
        ("product_retailer_id", "", "is missing"),
    ],
)
def test_an_order_is_never_read_in_part(member: str, odd: Any, problem: str) -> None:
    whole = {"product_retailer_id": "SAVON-1", "quantity": 1, "item_price": 9.5, "currency": "EUR"}
    items = [whole, {**whole, member: odd}]

    item = only_message({"type": "order", "order": {"catalog_id": "1", "product_items": items}})

    assert isinstance(item, Unreadable)
    assert item.problem == f"message.order.product_items[1].{member} {problem}"


def test_an_edit_of_an_edit_nests_no_deeper() -> None:
    edit: dict[str, Any] = {"type": "text", "text": {"body": "x"}}
    for _ in range(100):
        edit = {"type": "edit", "edit": {"original_message_id": "wamid.GRACE0", "message": edit}}

    item = only_message(edit)

    assert isinstance(item, InboundMessage)
    assert item.content == EditReceived(original_message_id="wamid.GRACE0", content=OtherReceived(kind="edit"))


@pytest.mark.parametrize(
    "response",
    ["[" * 100_000, "9" * 5_000, "NaN", '{"a": 1e999}', "null", "", 7, {"a": 1}],
    ids=lambda response: str(response)[:9],
)
def test_a_form_that_holds_anything_is_read_as_a_form_without_an_answer(response: Any) -> None:
    form = {"name": "flow", "response_json": response}

    item = only_message({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": form}})

    assert isinstance(item, InboundMessage)
    assert item.content == FlowReply(name="flow", body="")


def only_message(content: dict[str, Any]) -> Item:
    """What one message of Grâce with this content is read as."""
    body = fixture("text")
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    del message["text"]
    message.update(content)
    (item,) = parse(json.dumps(body).encode())
    return item


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


def test_what_no_database_stores_is_replaced_in_what_is_kept_too() -> None:
    assert message("text_with_half_an_emoji_and_a_nul").raw["text"] == {"body": "a\ufffdb"}


@pytest.mark.parametrize(
    "date", ["soon", "", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00", [], 10**30, "9" * 400]
)
def test_a_date_beside_the_point_may_be_anything(date: Any) -> None:
    body = fixture("template_disabled")
    body["entry"][0]["changes"][0]["value"]["disable_info"]["disable_date"] = date

    (item,) = parse(json.dumps(body).encode())

    assert isinstance(item, TemplateStatusChange)
    assert item.disable_date is None
