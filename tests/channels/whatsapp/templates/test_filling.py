"""A template takes exactly its values, and reads as it will on the phone."""

from typing import Any

import pytest

from channels.whatsapp.messages import (
    FlowButton,
    Image,
    InvalidMessage,
    Location,
    QuickReplyButton,
    TextValue,
    UrlButton,
    to_payload,
)
from channels.whatsapp.templates import Definition, fill, preview
from tests.channels.whatsapp.templates.a_template import a_template
from tests.channels.whatsapp.templates.test_creating import a_code

VALUES = {"first_name": "Patrick", "code": "COUR-9"}


def test_values_go_by_name_and_the_end_of_an_address_goes_alone() -> None:
    payload = to_payload(fill(a_template(), VALUES))

    assert payload["template"] == {
        "name": "delivery_planned",
        "language": {"code": "fr"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "first_name", "text": "Patrick"},
                    {"type": "text", "parameter_name": "code", "text": "COUR-9"},
                ],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "1",
                "parameters": [{"type": "text", "text": "COUR-9"}],
            },
        ],
    }


def test_numbered_values_go_in_their_order() -> None:
    filled = fill(a_template(format="positional", header="Pour {{first_name}}"), VALUES)

    assert filled.header == TextValue(text="Patrick")
    assert filled.body == (TextValue(text="Patrick"), TextValue(text="COUR-9"))


def test_a_code_goes_into_the_text_and_its_button() -> None:
    filled = fill(a_code(), {"code": "482913"})

    assert filled.body == (TextValue(text="482913"),)
    assert filled.buttons == (UrlButton(index=0, suffix="482913"),)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"first_name": "Patrick"}, r"^values\.code is missing; delivery_planned asks for first_name, code$"),
        ({**VALUES, "colour": "red"}, r"^values holds a name that delivery_planned does not know"),
        ({**VALUES, "code": "a\nb"}, r"^values\.code holds a line break"),
        ({**VALUES, "code": "a\tb"}, r"^values\.code holds a line break"),
        ({**VALUES, "code": "a    b"}, r"^values\.code holds .* four spaces"),
        ({**VALUES, "code": " "}, r"^values\.code is empty"),
        ({**VALUES, "first_name": "x" * 1000}, r"^values make a body of \d+; at most 1024"),
        ({**VALUES, "code": "x" * 2001}, r"^values, at buttons\.1, is 2001 long"),
    ],
    ids=str,
)
def test_a_wrong_value_is_named(values: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidMessage, match=problem):
        fill(a_template(), values)


PICTURE = Image(link="https://kimia.example/offer.jpg")


@pytest.mark.parametrize(
    ("header", "given", "problem"),
    [
        ({"type": "image"}, None, "is not the image"),
        ({"type": "image"}, Location(latitude=-4.26, longitude=15.28), "is not the image"),
        ("Bonjour", PICTURE, "has none to be given"),
        (None, PICTURE, "has none to be given"),
    ],
)
def test_a_header_gets_what_it_asks_for(header: Any, given: Any, problem: str) -> None:
    with pytest.raises(InvalidMessage, match=problem):
        fill(a_template(header=header), VALUES, header=given)


def test_a_file_for_the_header_and_payloads_for_replies_travel_along() -> None:
    definition = a_template(header={"type": "image"})

    filled = fill(definition, VALUES, header=PICTURE, buttons=[QuickReplyButton(index=0, payload="t-1")])

    assert filled.header == PICTURE
    assert [button.index for button in filled.buttons] == [0, 1]


@pytest.mark.parametrize(
    "button",
    [
        QuickReplyButton(index=1, payload="t-1"),
        FlowButton(index=0, token="t-1"),
        QuickReplyButton(index=9, payload="t"),
    ],
    ids=repr,
)
def test_a_button_that_the_template_has_not_is_refused(button: Any) -> None:
    with pytest.raises(InvalidMessage, match=r"^buttons\.\d is no"):
        fill(a_template(), VALUES, buttons=[button])


def test_the_preview_reads_as_the_phone_will_show_it() -> None:
    assert preview(a_template(), VALUES) == (
        "*Votre livraison*\n\nBonjour Patrick, votre livraison COUR-9 arrive bientôt chez vous.\n\n"
        "_Kimia Express_\n\n[Suivre]\n[Payer]"
    )


def test_without_values_the_preview_shows_the_examples() -> None:
    definition: Definition = a_template(examples={"first_name": "Grâce"})

    assert "Bonjour Grâce, votre livraison {{code}}" in preview(definition)
