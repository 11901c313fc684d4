"""What the turn channel accepts, and which field it names when it does not."""

import json
import uuid
from typing import Any

import pytest

from relais_bot.turn_request import MAX_TEXT_CHARACTERS, BadTurn, harmless, parse_turn

BUTTON = {"text": "Track", "intent": {"name": "track_delivery", "confidence": 1.0}}


def turn(**over: Any) -> bytes:
    body = {"turn_id": str(uuid.uuid4()), "sender_id": "s-1", "text": "bonjour", **over}
    return json.dumps({key: value for key, value in body.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("field", "status", "body"),
    [
        ("body", 400, b""),
        ("body", 400, b"{"),
        ("body", 400, b"[]"),
        ("body", 400, b"[" * 100_000),
        ("body", 400, b'{"text": "\xff"}'),
        ("body", 413, b" " * 2_000_000),
        ("turn_id", 422, turn(turn_id=...)),
        ("turn_id", 422, turn(turn_id="42")),
        ("turn_id", 422, turn(turn_id=42)),
        ("sender_id", 422, turn(sender_id=...)),
        ("sender_id", 422, turn(sender_id="")),
        ("sender_id", 422, turn(sender_id="a b")),
        ("sender_id", 422, turn(sender_id="s\x00")),
        ("sender_id", 422, turn(sender_id="s" * 129)),
        ("sender_id", 422, turn(sender_id=["s"])),
        ("text", 422, turn(text=...)),
        ("text", 422, turn(text=None)),
        ("text", 422, turn(text="")),
        ("text", 422, turn(text=" \t\n")),
        ("text", 422, turn(text="\u00a0\u3000")),
        ("text", 422, turn(text="\u200b\u2060\ufeff")),
        ("text", 422, turn(text="\x00\x07")),
        ("text", 422, turn(text=5)),
        ("text", 422, turn(parse_data=BUTTON)),
        ("parse_data", 422, turn(text=..., parse_data="track")),
        ("parse_data.text", 422, turn(text=..., parse_data={**BUTTON, "text": " "})),
        ("parse_data.intent.name", 422, turn(text=..., parse_data={**BUTTON, "intent": {}})),
        ("parse_data.intent.name", 422, turn(text=..., parse_data={**BUTTON, "intent": "track_delivery"})),
        (
            "parse_data.intent.confidence",
            422,
            turn(text=..., parse_data={**BUTTON, "intent": {"name": "a", "confidence": "1"}}),
        ),
        ("parse_data.entities", 422, turn(text=..., parse_data={**BUTTON, "entities": {"a": 1}})),
        ("parse_data.entities[0]", 422, turn(text=..., parse_data={**BUTTON, "entities": [{"entity": "a"}]})),
        ("entities", 422, turn(entities={"media_id": "m"})),
        ("entities[0]", 422, turn(entities=[{"value": "m"}])),
        ("metadata", 422, turn(metadata=["a"])),
        ("slots", 422, turn(slots="a")),
        ("notes", 422, turn(notes={"id": "a"})),
        ("notes[0]", 422, turn(notes=["a"])),
        ("notes[0].id", 422, turn(notes=[{"text": "a"}])),
        ("notes[1].text", 422, turn(notes=[{"id": "a", "text": "a"}, {"id": "b", "text": ""}])),
        ("slots", 422, turn(notes=[{"id": "a", "text": "a", "slots": 5}])),
    ],
)
def test_a_bad_request_is_refused_with_the_name_of_the_field(field: str, status: int, body: bytes) -> None:
    with pytest.raises(BadTurn) as caught:
        parse_turn(body)

    assert (caught.value.field, caught.value.status) == (field, status)
    assert str(caught.value).startswith(field)


def test_a_button_says_what_was_meant() -> None:
    parsed = parse_turn(turn(text=..., parse_data={**BUTTON, "entities": [{"entity": "delivery_code", "value": "C"}]}))

    assert parsed.text == "Track"
    assert parsed.parse_data == {
        "text": "Track",
        "intent": {"name": "track_delivery", "confidence": 1.0},
        "intent_ranking": [{"name": "track_delivery", "confidence": 1.0}],
        "entities": [{"entity": "delivery_code", "value": "C"}],
    }


def test_a_long_text_is_cut_and_says_so() -> None:
    parsed = parse_turn(turn(text="a" * 4096, metadata={"kind": "text"}))

    assert len(parsed.text) == MAX_TEXT_CHARACTERS
    assert parsed.metadata == {"kind": "text", "text_cut_from": 4096}


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("bonjour", "bonjour"),
        ("1/2 poulet", "1/2 poulet"),
        ("/start", "start"),
        ("  // /start /now ", "start /now"),
        ("/", "∕"),
        ("/ / /", "∕"),
    ],
)
def test_slashes_in_front_are_dropped(typed: str, seen: str) -> None:
    assert harmless(typed) == seen


def test_half_a_surrogate_pair_does_not_get_through() -> None:
    assert (
        parse_turn(b'{"turn_id": "%s", "sender_id": "s", "text": "a\\ud83d"}' % str(uuid.uuid4()).encode()).text == "a?"
    )
