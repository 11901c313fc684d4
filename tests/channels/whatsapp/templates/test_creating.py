"""A template file becomes what Meta is told, and what Meta has becomes the same file again."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.templates import CannotBeWritten, Definition, creation, definition_of
from channels.whatsapp.templates.files import text_of
from tests.channels.whatsapp.templates.a_template import a_template, at_meta


def test_named_variables_go_to_meta_with_an_example_each() -> None:
    assert creation(a_template(ttl_seconds=600)) == {
        "name": "delivery_planned",
        "language": "fr",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "message_send_ttl_seconds": 600,
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Votre livraison"},
            {
                "type": "BODY",
                "text": "Bonjour {{first_name}}, votre livraison {{code}} arrive bientôt chez vous.",
                "example": {
                    "body_text_named_params": [
                        {"param_name": "first_name", "example": "Grâce"},
                        {"param_name": "code", "example": "COUR-20260114-037"},
                    ]
                },
            },
            {"type": "FOOTER", "text": "Kimia Express"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Suivre"},
                    {
                        "type": "URL",
                        "text": "Payer",
                        "url": "https://kimia.example/pay/{{1}}",
                        "example": ["https://kimia.example/pay/COUR-20260114-037"],
                    },
                ],
            },
        ],
    }


def test_numbered_variables_are_counted_in_each_part_anew() -> None:
    definition = a_template(format="positional", header="Pour {{first_name}}")

    header, body, *_ = creation(definition)["components"]

    assert (header["text"], header["example"]) == ("Pour {{1}}", {"header_text": ["Grâce"]})
    assert body["text"].startswith("Bonjour {{1}}, votre livraison {{2}}")
    assert body["example"] == {"body_text": [["Grâce", "COUR-20260114-037"]]}


def test_a_sample_s_handle_stands_in_the_header() -> None:
    definition = a_template(header={"type": "image", "sample": "samples/offer.jpg"})

    header = creation(definition, "4::aW1hZ2U=")["components"][0]

    assert header == {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U="]}}


def test_the_words_of_an_authentication_template_are_meta_s() -> None:
    definition = a_code()

    assert creation(definition)["components"] == [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "FOOTER", "code_expiration_minutes": 10},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copier"}]},
    ]
    assert definition_of(at_meta(definition)) == definition


def a_code() -> Definition:
    return Definition.model_validate(
        {
            "name": "login_code",
            "language": "fr",
            "category": "authentication",
            "authentication": {"expiration_minutes": 10},
            "buttons": [{"type": "otp", "text": "Copier"}],
        }
    )


KINDS: list[dict[str, Any]] = [
    {"type": "quick_reply", "text": "Oui"},
    {"type": "url", "text": "Voir", "url": "https://kimia.example/"},
    {"type": "phone_number", "text": "Appeler", "phone_number": "+242065000001"},
    {"type": "flow", "text": "Remplir", "flow_id": "77", "screen": "FIRST"},
    {"type": "catalog", "text": "Voir le catalogue"},
    {"type": "mpm", "text": "Voir les produits"},
    {"type": "voice_call", "text": "Appeler sur WhatsApp"},
    {"type": "request_contact_info"},
]
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
words = st.text(st.characters(categories=["L", "N", "P", "So"], exclude_characters="{}"), min_size=1, max_size=12)
texts = st.lists(words | names.map(lambda name: "{{" + name + "}}"), min_size=1, max_size=6).map(" ".join)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    header = draw(st.none() | words | st.sampled_from([{"type": "video"}, {"type": "location"}]))
    buttons = draw(st.lists(st.sampled_from(KINDS), max_size=4))
    definition = a_template(body=draw(texts), header=header, buttons=buttons, footer=draw(st.none() | words))
    examples = {name: draw(words) for name in definition.variables}
    return definition.model_copy(update={"examples": examples, "ttl_seconds": draw(st.none() | st.just(600))})


@settings(max_examples=60)
@given(definitions())
def test_what_was_created_reads_back_the_same(definition: Definition) -> None:
    assert definition_of(at_meta(definition)) == definition


@settings(max_examples=60)
@given(definitions())
def test_a_numbered_template_of_meta_s_is_created_the_same_again(definition: Definition) -> None:
    created = creation(definition.model_copy(update={"format": "positional"}))

    again = definition_of(at_meta(definition, **created))

    assert creation(again) == created
    assert text_of(again)


def test_numbered_variables_get_names_by_where_they_stand() -> None:
    definition = a_template(format="positional", header="Pour {{first_name}}")

    read = definition_of(at_meta(definition))

    assert read.header_variables == ("header_1",)
    assert read.body_variables == ("value_1", "value_2")
    assert read.button_variables == ("link_2",)
    assert read.examples["link_2"] == "COUR-20260114-037"


@pytest.mark.parametrize(
    ("component", "problem"),
    [
        ({"type": "CAROUSEL", "cards": []}, "CAROUSEL is not known here"),
        ({"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "x"}]}, "SPM is not known here"),
        ({"type": "HEADER", "format": "PRODUCT"}, "header"),
        ({"type": "BODY", "text": "{{2}} puis {{1}}"}, "numbers of the body"),
    ],
    ids=str,
)
def test_what_our_files_have_no_words_for_is_named_and_not_dropped(component: dict[str, Any], problem: str) -> None:
    remote = at_meta(a_template(format="positional"), components=[component])

    with pytest.raises(CannotBeWritten, match=problem):
        definition_of(remote)
