"""Every situation that Meta reports is read as what it is, and nothing beside it is lost."""

from datetime import UTC, datetime

import pytest

from channels.whatsapp.webhook import (
    ButtonReply,
    Content,
    InboundMessage,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherChange,
    OtherReceived,
    Sender,
    StatusUpdate,
    TextReceived,
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
    message,
    only,
    text_of,
)

SHA256 = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
SENT_AT = datetime(2025, 6, 16, 16, 24, 5, tzinfo=UTC)


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
    ("name", "field", "phone_number_id"),
    [
        ("template_status", "message_template_status_update", None),
        ("user_preferences", "user_preferences", KIMIA),
    ],
)
def test_other_news_is_kept_whole(name: str, field: str, phone_number_id: str | None) -> None:
    (change,) = fixture(name)["entry"][0]["changes"]

    assert only(name) == OtherChange(field=field, raw=change, phone_number_id=phone_number_id, waba_id=KIMIA_ACCOUNT)


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


def test_no_repr_shows_who_somebody_is_or_what_they_wrote() -> None:
    shown = repr([parse(fixture_bytes(name)) for name in ("batch", "text", "broken_beside_whole", "status_sent")])

    for private in (GRACE, GRACE_ID, SAMI, "Grâce", "COUR-", "wamid", "trois"):
        assert private not in shown
