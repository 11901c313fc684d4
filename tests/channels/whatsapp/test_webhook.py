"""Every situation that Meta reports is read as what it is, and nothing beside it is lost."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.whatsapp.webhook import (
    BadWebhook,
    ButtonReply,
    Content,
    InboundMessage,
    Item,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherChange,
    OtherReceived,
    Sender,
    StatusError,
    StatusUpdate,
    TextReceived,
    Unreadable,
    parse,
)
from tests.channels.whatsapp.cast import (
    GRACE,
    GRACE_ID,
    JASMIN,
    JASMIN_ACCOUNT,
    KIMIA,
    KIMIA_ACCOUNT,
    PATRICK,
    SAMI,
    fixture,
    fixture_bytes,
)

SHA256 = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
SENT_AT = datetime(2025, 6, 16, 16, 24, 5, tzinfo=UTC)


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


CONTENTS: list[tuple[str, Content]] = [
    ("text", TextReceived(body="Où est ma commande COUR-20250127-061 ? 🙏")),
    ("button_reply", ButtonReply(id="t-1", title="Contact")),
    ("list_reply", ListReply(id="t-2", title="COUR-20250127-061", description="En transit")),
    ("list_reply_without_description", ListReply(id="t-2", title="COUR-20250127-061")),
    ("template_button_without_context", ButtonReply(id="t-3", title="Suivre")),
    ("flow_reply", OtherReceived(kind="interactive.nfm_reply")),
    (
        "location",
        LocationReceived(latitude=-4.2634, longitude=15.2429, name="Marché Total", address="Brazzaville"),
    ),
    ("location_current", LocationReceived(latitude=-4.2634, longitude=15.2429)),
    (
        "image",
        MediaReceived(
            kind="image",
            media_id="1003383421387256",
            mime_type="image/jpeg",
            caption="Le colis",
            sha256=SHA256,
        ),
    ),
    (
        "voice_note",
        MediaReceived(
            kind="audio",
            media_id="1003383421387257",
            mime_type="audio/ogg; codecs=opus",
            voice=True,
            sha256=SHA256,
        ),
    ),
    (
        "voice_note_of_the_older_api",
        MediaReceived(
            kind="audio",
            media_id="1003383421387257",
            mime_type="audio/ogg; codecs=opus",
            voice=True,
            sha256=SHA256,
        ),
    ),
    (
        "document",
        MediaReceived(kind="document", media_id="1003383421387258", mime_type="application/pdf", sha256=SHA256),
    ),
    (
        "sticker",
        MediaReceived(kind="sticker", media_id="1003383421387259", mime_type="image/webp", sha256=SHA256),
    ),
    ("contact_card", OtherReceived(kind="contacts")),
    ("reaction_removed", OtherReceived(kind="reaction")),
    ("system_number_changed", OtherReceived(kind="system")),
    ("unsupported", OtherReceived(kind="unsupported")),
    ("kind_not_known", OtherReceived(kind="hologram")),
]


@pytest.mark.parametrize(("name", "content"), CONTENTS, ids=[name for name, _ in CONTENTS])
def test_each_kind_of_message_is_read(name: str, content: Content) -> None:
    assert message(name).content == content


@pytest.mark.parametrize("name", [name for name, _ in CONTENTS])
def test_each_message_is_kept_as_it_came(name: str) -> None:
    (sent,) = fixture(name)["entry"][0]["changes"][0]["value"]["messages"]

    assert message(name).raw == sent


def test_a_message_tells_its_number_its_id_its_sender_and_its_moment() -> None:
    read = message("text")

    assert read.phone_number_id == KIMIA
    assert read.wamid == "wamid.GRACE1"
    assert read.sender == Sender(wa_id=GRACE, user_id=GRACE_ID, name="Grâce Mabiala")
    assert read.sent_at == SENT_AT
    assert read.context_id is None


def test_a_message_that_quotes_ours_names_it() -> None:
    assert message("text_quoting_us").context_id == "wamid.OURS1"


def test_a_forwarded_message_has_a_context_and_quotes_nothing() -> None:
    assert message("text_forwarded").context_id is None


@pytest.mark.parametrize("name", ["text_of_a_person_without_a_number", "text_of_a_contact_alone"])
def test_a_person_who_hides_their_number_is_known_by_their_user_id(name: str) -> None:
    assert message(name).sender == Sender(wa_id=None, user_id=GRACE_ID, name="Grâce")


@pytest.mark.parametrize("name", ["text_without_contacts", "system_number_changed"])
def test_a_message_without_contacts_has_a_sender_without_a_name(name: str) -> None:
    assert message(name).sender == Sender(wa_id=GRACE)


def test_contacts_are_matched_by_id_not_by_place() -> None:
    first, second = parse(fixture_bytes("contacts_in_another_order"))

    assert isinstance(first, InboundMessage)
    assert isinstance(second, InboundMessage)
    assert first.sender == Sender(wa_id=GRACE, user_id=GRACE_ID, name="Grâce Mabiala")
    assert second.sender == Sender(wa_id=PATRICK, name="Patrick Ngoma")


def test_among_several_contacts_a_message_of_nobody_is_not_given_to_the_first() -> None:
    body = fixture("contacts_in_another_order")
    del body["entry"][0]["changes"][0]["value"]["messages"][0]["from"]

    first, second = parse(json.dumps(body).encode())

    assert isinstance(first, Unreadable)
    assert first.problem == "message.from is missing"
    assert text_of(second) == "deux"


@pytest.mark.parametrize(
    ("name", "sent_at"),
    [
        ("text_dated_in_milliseconds", SENT_AT.replace(microsecond=250_000)),
        ("text_dated_by_a_number", SENT_AT),
    ],
)
def test_a_moment_may_be_a_number_and_may_count_milliseconds(name: str, sent_at: datetime) -> None:
    assert message(name).sent_at == sent_at


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


def test_what_no_database_stores_is_replaced_in_the_text_and_in_what_is_kept() -> None:
    read = message("text_with_half_an_emoji_and_a_nul")

    assert read.content == TextReceived(body="a\ufffdb")
    assert read.raw["text"] == {"body": "a\ufffdb"}
    assert read.sender.name == "Grâce \ufffd"


def test_an_interactive_message_without_its_object_is_kept_and_so_is_its_error() -> None:
    broken, error = parse(fixture_bytes("interactive_without_its_object"))

    assert isinstance(broken, InboundMessage)
    assert broken.content == OtherReceived(kind="interactive")
    assert isinstance(error, OtherChange)
    assert error.field == "messages"
    assert error.phone_number_id == KIMIA
    assert error.raw["value"]["errors"][0]["code"] == 131000
    assert "messages" not in error.raw["value"]


def test_a_receipt_is_read_with_what_we_gave_along() -> None:
    read = status("status_sent")

    assert (read.phone_number_id, read.wamid, read.status) == (KIMIA, "wamid.OURS1", "sent")
    assert (read.recipient, read.callback_data) == (GRACE, "m-1")
    assert read.at == datetime(2025, 6, 16, 16, 24, 10, tzinfo=UTC)
    assert read.raw["pricing"]["category"] == "utility"


@pytest.mark.parametrize(
    ("name", "recipient"),
    [
        ("status_of_a_person_without_a_number", GRACE_ID),
        ("status_without_recipient", ""),
        ("status_in_a_group", GRACE),
    ],
)
def test_a_receipt_names_the_recipient_as_well_as_it_can(name: str, recipient: str) -> None:
    assert status(name).recipient == recipient


def test_a_failed_receipt_says_why() -> None:
    read = status("status_failed_without_contacts")

    assert read.status == "failed"
    assert read.errors == (
        StatusError(code=131047, title="Re-engagement message", details="More than 24 hours have passed."),
    )


def test_errors_without_a_code_do_not_cost_the_receipt() -> None:
    read = status("status_failed_with_odd_errors")

    assert read.errors == (StatusError(code=131026, title="Undeliverable", details="plain words"),)
    assert len(read.raw["errors"]) == 3


def test_a_status_not_known_yet_keeps_its_name() -> None:
    assert status("status_not_known").status == "teleported"


@pytest.mark.parametrize(
    ("name", "field", "phone_number_id"),
    [
        ("template_status", "message_template_status_update", None),
        ("user_preferences", "user_preferences", KIMIA),
    ],
)
def test_other_news_is_kept_whole(name: str, field: str, phone_number_id: str | None) -> None:
    (change,) = fixture(name)["entry"][0]["changes"]

    assert only(name) == OtherChange(
        field=field, raw=change, phone_number_id=phone_number_id, waba_id=KIMIA_ACCOUNT
    )


def test_every_message_and_status_of_every_change_of_every_entry_is_read() -> None:
    items = parse(fixture_bytes("batch"))

    messages = [(item.phone_number_id, text_of(item)) for item in items if isinstance(item, InboundMessage)]
    statuses = [(item.wamid, item.status) for item in items if isinstance(item, StatusUpdate)]
    assert messages == [(KIMIA, "un"), (KIMIA, "deux"), (JASMIN, "trois")]
    assert statuses == [("wamid.OURS1", "delivered"), ("wamid.OURS2", "sent"), ("wamid.OURS3", "read")]
    assert [(item.field, item.waba_id) for item in items if isinstance(item, OtherChange)] == [
        ("account_update", JASMIN_ACCOUNT)
    ]
    assert len(items) == 7


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


def test_no_repr_shows_who_somebody_is_or_what_they_wrote() -> None:
    shown = repr([parse(fixture_bytes(name)) for name in ("batch", "text", "broken_beside_whole", "status_sent")])

    for private in (GRACE, GRACE_ID, SAMI, "Grâce", "COUR-", "wamid", "trois"):
        assert private not in shown
