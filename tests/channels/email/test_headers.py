"""Headers are folded where they may be, and what is not ASCII is encoded without cutting a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.headers import mailbox_header, one_line_header, text_header
from channels.email.message import Mailbox


@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("Your parcel", "Subject: Your parcel\r\n"),
        ("Arrivé", "Subject: =?utf-8?b?QXJyaXbDqQ==?=\r\n"),
        ("a " * 35 + "a b", "Subject:" + " a" * 34 + "\r\n a a b\r\n"),
        ("a" * 100, f"Subject: {'a' * 100}\r\n"),
        ("two  spaces", "Subject: =?utf-8?b?dHdvICBzcGFjZXM=?=\r\n"),
        ("=?utf-8?b?QQ==?=", "Subject: =?utf-8?b?PT91dGYtOD9iP1FRPT0/PQ==?=\r\n"),
        ("", "Subject: =?utf-8?b??=\r\n"),
    ],
)
def test_a_text_is_plain_where_it_can_be(value: str, header: str) -> None:
    assert text_header("Subject", value) == header


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("", "To: g@example.cg\r\n"),
        ("Kimia Livraison", "To: Kimia Livraison <g@example.cg>\r\n"),
        ("Mabiala, Grace", 'To: "Mabiala, Grace" <g@example.cg>\r\n'),
        ('Grace "G" \\', 'To: "Grace \\"G\\" \\\\" <g@example.cg>\r\n'),
        ("Grâce", "To: =?utf-8?b?R3LDomNl?= <g@example.cg>\r\n"),
        ("=?utf-8?q?a?=", "To: =?utf-8?b?PT91dGYtOD9xP2E/PQ==?= <g@example.cg>\r\n"),
    ],
)
def test_a_name_is_quoted_or_encoded_where_it_must_be(name: str, header: str) -> None:
    assert mailbox_header("To", Mailbox(address="g@example.cg", name=name)) == header


def test_what_programs_read_is_never_folded() -> None:
    assert one_line_header("List-Unsubscribe", f"<https://a.cg/{'a b' * 100}>").count("\r\n") == 1


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_lines_of_encoded_words_are_no_longer_than_they_may_be(value: str) -> None:
    header = text_header("Subject", f"é{value}")

    lines = header.removesuffix("\r\n").split("\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert header.isascii()
