"""An email that cannot be sent says what is wrong with it, and no text in it becomes another header."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.message import Mailbox
from channels.invalid import InvalidMessage
from tests.channels.email.small_emails import GRACE, KIMIA, email, read


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": ""}, "subject", "is empty"),
        ({"subject": " \t"}, "subject", "is empty"),
        ({"subject": "a" * 256}, "subject", "255"),
        ({"subject": "Colis\r\nBcc: all@example.com"}, "subject", "line break"),
        ({"subject": "Colis\u2028arrivé"}, "subject", "line break"),
        ({"subject": "Colis \ud83d"}, "subject", "control character"),
        ({"text": None}, "text", "nothing to read"),
        ({"text": " ", "html": "\n"}, "text", "nothing to read"),
        ({"text": "\udc00"}, "text", "half a character"),
        ({"html": "<p>\ud800</p>"}, "html", "half a character"),
        ({"message_id": ""}, "message_id", "letters"),
        ({"message_id": "a>b"}, "message_id", "letters"),
        ({"message_id": "a\n"}, "message_id", "letters"),
        ({"message_id": "a" * 129}, "message_id", "letters"),
        ({"list_unsubscribe": "https://kimia.example/u/a>"}, "list_unsubscribe", "cannot stand"),
        ({"list_unsubscribe": "https://kimia.example/u/a\nBcc: x"}, "list_unsubscribe", "cannot stand"),
        ({"list_unsubscribe": "http://kimia.example/u/a"}, "list_unsubscribe", "https://"),
        ({"list_unsubscribe": "mailto:stop@kimia.example"}, "list_unsubscribe", "https://"),
        ({"list_unsubscribe": "https://[/"}, "list_unsubscribe", "no address"),
        ({"list_unsubscribe": "https://kimia.example/" + "a" * 900}, "list_unsubscribe", "900"),
        ({"categories": ("a",) * 11}, "categories", "10"),
        ({"categories": ("réclame",)}, "categories", "ASCII"),
        ({"categories": ("",)}, "categories", "ASCII"),
        ({"categories": ("a\nb",)}, "categories", "line break"),
        ({"headers": {"bCC": "all@example.com"}}, "headers", "holds bCC, which"),
        ({"headers": {"X Kind": "a"}}, "headers", "letters, digits and hyphens"),
        ({"headers": {"X-Kind:": "a"}}, "headers", "letters, digits and hyphens"),
        ({"headers": {"X-Kind": "a\r\nBcc: all@example.com"}}, "headers X-Kind", "line break"),
        ({"headers": {"X-Kind": "a" * 901}}, "headers", "X-Kind with more than 900"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidMessage) as raised:
        email(**changes)

    assert raised.value.field == field
    assert words in raised.value.problem


@pytest.mark.parametrize(
    "address",
    [
        *("grace", "grace@", "@example.cg", "grace@example", "gr ace@example.cg", "grace@example.cg\n"),
        *("a..b@example.cg", "grace@-example.cg", "grace@example..cg", "grace@example.cg, all@example.com"),
        *("grace@[127.0.0.1]", '"g"@example.cg', "<grace@example.cg>", "gr\x00ace@example.cg"),
        *("a" * 65 + "@example.cg", "a@" + "b" * 60 + ("." + "c" * 60) * 4),
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(address: str) -> None:
    with pytest.raises(InvalidMessage, match=r"^address ") as raised:
        Mailbox(address=address)

    assert address not in str(raised.value)


def test_a_domain_with_accents_is_to_be_written_in_ascii() -> None:
    with pytest.raises(InvalidMessage, match="xn--"):
        Mailbox(address="grace@café.example")
    assert Mailbox(address="grace@xn--caf-dma.example").domain == "xn--caf-dma.example"


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("bonjour@kimia.example", Mailbox(address="bonjour@kimia.example")),
        ("<bonjour@kimia.example>", Mailbox(address="bonjour@kimia.example")),
        ("Kimia Livraison <bonjour@kimia.example>", KIMIA),
        ('"Mabiala, Grâce" <g@example.cg>', Mailbox(address="g@example.cg", name="Mabiala, Grâce")),
        ("o'brien+tag_1@sub.example.cg", Mailbox(address="o'brien+tag_1@sub.example.cg")),
    ],
)
def test_a_mailbox_is_read_from_one_line(text: str, mailbox: Mailbox) -> None:
    assert Mailbox.parse(text) == mailbox


@pytest.mark.parametrize("text", ["", "Kimia", "Kimia <>", "a@b.cg\nBcc: c@d.cg", "Kimia <bonjour@kimia>"])
def test_a_line_that_holds_no_mailbox_is_refused(text: str) -> None:
    with pytest.raises(InvalidMessage, match=r"^address "):
        Mailbox.parse(text)


def test_no_repr_shows_a_person_or_what_they_read() -> None:
    written = email(html="<p>Grâce</p>", list_unsubscribe="https://kimia.example/u/token", headers={"X-Who": "Grâce"})

    shown = f"{written!r} {GRACE!r}"
    for private in ("Grâce", "grace", "colis", "token"):
        assert private not in shown
    assert written.message_id in shown


lines = st.one_of(st.text(max_size=80), st.text(" =?aé", max_size=200), st.text("a bc", max_size=255))


@given(subject=lines, name=lines, value=lines)
def test_any_text_is_refused_or_arrives_as_one_header(subject: str, name: str, value: str) -> None:
    try:
        written = email(subject=subject, recipient=Mailbox(address=GRACE.address, name=name), headers={"X-Kind": value})
    except InvalidMessage:
        return
    received = read(written)

    assert received.keys() == read(email(headers={"X-Kind": "a"})).keys()
    assert (received["subject"], received["x-kind"]) == (subject, value)
    (recipient,) = received["to"].addresses
    assert (recipient.addr_spec, recipient.display_name.split()) == (GRACE.address, name.split())
