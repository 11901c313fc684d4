"""Each kind of message is the JSON that Meta documents, and leads back from it."""

from typing import get_args

import pytest

from channels.whatsapp.emulator.rules import check_message
from channels.whatsapp.messages import (
    InvalidMessage,
    Message,
    Template,
    TemplateButton,
    TemplateHeader,
    Text,
    Value,
    from_payload,
    read_payload,
    to_payload,
)
from tests.channels.whatsapp.outbound_cast import FIXTURES, OUTBOUND, QUOTED, fixture, private_values

HELLO = Text(body="Bonjour")

NOT_IN_THE_EMULATOR = {"order_details", "order_status"}
"""Paying inside WhatsApp, which it does not offer."""


@pytest.mark.parametrize("name", OUTBOUND)
def test_a_message_is_written_as_its_fixture_and_read_from_it(name: str) -> None:
    message, reply_to = OUTBOUND[name], QUOTED.get(name)

    assert to_payload(message, reply_to) == fixture(name)
    assert read_payload(fixture(name)) == (message, reply_to)


def test_every_fixture_is_in_the_cast_and_every_kind_has_one() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == OUTBOUND.keys()
    kinds = {type(message) for message in OUTBOUND.values()}
    assert kinds == set(get_args(Message))


def test_every_part_of_a_template_has_a_fixture() -> None:
    templates = [message for message in OUTBOUND.values() if isinstance(message, Template)]
    assert {type(template.header) for template in templates} == {*get_args(TemplateHeader), type(None)}
    assert {type(value) for template in templates for value in template.body} == set(get_args(Value))
    assert {type(button) for template in templates for button in template.buttons} == set(get_args(TemplateButton))


@pytest.mark.parametrize("name", [name for name in OUTBOUND if name not in NOT_IN_THE_EMULATOR])
def test_the_emulator_takes_it(name: str) -> None:
    check_message({"messaging_product": "whatsapp", "to": "242061234567", **fixture(name)})


@pytest.mark.parametrize("name", OUTBOUND)
def test_no_repr_shows_what_a_person_reads_or_how_one_is_called_or_reached(name: str) -> None:
    shown = repr(OUTBOUND[name])

    for private in private_values(fixture(name)):
        assert repr(private) not in shown


def test_a_message_may_quote_another() -> None:
    assert to_payload(HELLO, reply_to="wamid.GRACE1") == {
        "type": "text",
        "text": {"body": "Bonjour"},
        "context": {"message_id": "wamid.GRACE1"},
    }


def test_a_quotation_is_not_lost_where_only_the_message_is_asked_for() -> None:
    with pytest.raises(InvalidMessage, match="context"):
        from_payload(to_payload(HELLO, reply_to="wamid.GRACE1"))


@pytest.mark.parametrize("nothing", ["", " ", "wamid.GRACE1 "])
def test_what_is_quoted_has_an_id(nothing: str) -> None:
    with pytest.raises(InvalidMessage) as refused:
        to_payload(HELLO, reply_to=nothing)
    assert refused.value.field == "reply_to"
