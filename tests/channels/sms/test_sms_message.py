"""An SMS that cannot be sent says what is wrong with it."""

from typing import Any

import pytest

from channels.invalid import InvalidMessage
from tests.channels.sms.small_sms import GRACE, sms


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"message_id": ""}, "message_id", "letters"),
        ({"message_id": "a&To=b"}, "message_id", "letters"),
        ({"message_id": "é"}, "message_id", "letters"),
        ({"recipient": "061234567"}, "recipient", "E.164"),
        ({"recipient": "+0612345678"}, "recipient", "E.164"),
        ({"recipient": "+242 06 123 45 67"}, "recipient", "E.164"),
        ({"recipient": GRACE + "\n"}, "recipient", "E.164"),
        ({"recipient": "+٢٤٢٠٦١٢٣٤٥"}, "recipient", "E.164"),
        ({"recipient": "+" + "1" * 16}, "recipient", "E.164"),
        ({"sender": ""}, "sender", "neither"),
        ({"sender": "KIMIA LIVRAISON"}, "sender", "11"),
        ({"sender": "Kimïa"}, "sender", "neither"),
        ({"sender": "K"}, "sender", "neither"),
        ({"sender": " KIMIA"}, "sender", "neither"),
        ({"sender": "123456789"}, "sender", "neither"),
        ({"text": ""}, "text", "is empty"),
        ({"text": " \n"}, "text", "is empty"),
        ({"text": "a\x00"}, "text", "control"),
        ({"text": "a\ud83d"}, "text", "half"),
        ({"text": "a" * 1531}, "text", "10 segments"),
        ({"text": "ê" * 671}, "text", "10 segments"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidMessage) as raised:
        sms(**changes)

    assert raised.value.field == field
    assert words in raised.value.problem


@pytest.mark.parametrize("sender", ["KIMIA", "Kimia 242", "A1", "+242061234567", "36184", "ABCDEFGHIJK", None])
def test_who_sends_is_a_number_a_name_or_left_open(sender: str | None) -> None:
    assert sms(sender=sender).sender == sender


def test_a_text_may_fill_its_last_segment() -> None:
    assert len(sms(text="a" * 1530).text) == 1530
    assert len(sms(text="ligne\r\nligne " + "ê" * 600).text) == 613


def test_no_repr_shows_the_person_or_what_they_read() -> None:
    assert GRACE not in repr(sms())
    assert "colis" not in repr(sms())
