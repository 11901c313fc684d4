"""Whatever message can be made survives its JSON, and whatever JSON comes is a message or is refused."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from channels.whatsapp.emulator.rules import check_message
from channels.whatsapp.messages import (
    InvalidMessage,
    Message,
    OrderDetails,
    OrderStatus,
    from_payload,
    read_payload,
    to_payload,
)
from tests.channels.whatsapp.message_strategies import messages
from tests.channels.whatsapp.outbound_cast import OUTBOUND, fixture, private_values
from tests.channels.whatsapp.text_strategies import maybe, trimmed

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["text", "image", "button", "header", "a\x00", "\ud83d", "x" * 5000, "http://[", 10**400]),
    st.lists(st.none() | st.text(max_size=5), max_size=2),
    st.dictionaries(st.sampled_from(["type", "text", "id", "link", "name"]), st.text(max_size=5), max_size=2),
)

type Path = tuple[str | int, ...]


@given(messages, maybe(trimmed()))
def test_every_message_survives_its_payload_and_json(message: Message, reply_to: str | None) -> None:
    payload = to_payload(message, reply_to)

    assert read_payload(payload) == (message, reply_to)
    assert read_payload(json.loads(json.dumps(payload, allow_nan=False))) == (message, reply_to)


@settings(max_examples=60)
@given(messages)
def test_the_emulator_takes_every_message_that_can_be_made(message: Message) -> None:
    assume(not isinstance(message, OrderDetails | OrderStatus))  # which it does not offer

    check_message({"messaging_product": "whatsapp", "to": "242061234567", **to_payload(message)})


@settings(max_examples=200)
@given(st.sampled_from(list(OUTBOUND)), st.data())
def test_a_mutated_payload_is_a_message_or_is_refused_without_a_word_of_it(name: str, data: st.DataObject) -> None:
    match read_or_refused(mutated(fixture(name), data)):
        case InvalidMessage() as refused:
            words = [word for word in private_values(fixture(name)) if isinstance(word, str) and len(word) > 6]
            assert not [word for word in words if word in str(refused)]
        case message, reply_to:
            assert read_payload(to_payload(message, reply_to)) == (message, reply_to)


@given(st.dictionaries(st.text(max_size=10), ODD) | st.fixed_dictionaries({"type": ODD, "text": ODD}))
def test_any_object_is_a_message_or_is_refused(payload: dict[str, Any]) -> None:
    with suppress(InvalidMessage):
        from_payload(payload)


def read_or_refused(payload: dict[str, Any]) -> tuple[Message, str | None] | InvalidMessage:
    try:
        return read_payload(payload)
    except InvalidMessage as refused:
        return refused


def mutated(payload: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """With one member replaced, taken out or added."""
    changed = copy.deepcopy(payload)
    *road, last = data.draw(st.sampled_from(list(paths(changed))))
    parent: Any = changed
    for step in road:
        parent = parent[step]
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove":
            del parent[last]
        case "add" if isinstance(parent, dict):
            parent[data.draw(st.text(max_size=5))] = data.draw(ODD)
        case _:
            parent[last] = data.draw(ODD)
    return changed


def paths(value: Any, road: Path = ()) -> Iterator[Path]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in members:
        yield (*road, step)
        yield from paths(inner, (*road, step))
