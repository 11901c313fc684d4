"""Each rule finds what it is there for, and says nothing against a template that is as it should be."""

from typing import Any

import pytest

from channels.whatsapp.templates import Definition
from channels.whatsapp.templates.lint import Finding, Severity, lint
from channels.whatsapp.templates.word_lists import word_lists
from tests.channels.whatsapp.templates.a_template import a_template
from tests.channels.whatsapp.templates.test_creating import a_code


def found(definition: Definition, *others: Definition) -> list[Finding]:
    return lint(definition, [definition, *others], word_lists())


def rules(definition: Definition, *others: Definition) -> set[str]:
    return {finding.rule for finding in found(definition, *others)}


def with_body(body: str, **changes: Any) -> Definition:
    """Its examples are made for its variables, so that no other rule speaks."""
    definition = a_template(body=body, buttons=[], examples={}, **changes)
    return definition.model_copy(update={"examples": {name: "Brazza" for name in definition.variables}})


def link(url: str) -> dict[str, Any]:
    return {"buttons": [{"type": "url", "text": "Voir", "url": url}]}


def replies(*texts: str) -> dict[str, Any]:
    return {"buttons": [{"type": "quick_reply", "text": text} for text in texts]}


def test_a_good_template_and_a_good_code_pass() -> None:
    assert found(a_template()) == []
    assert found(a_code()) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("{{first_name}}, votre livraison arrive demain matin", "variable_at_edge"),
        ("Bonjour, votre livraison arrive demain {{when}}", "variable_at_edge"),
        ("Bonjour, votre livraison arrive demain {{when}}.", "variable_near_edge"),
        ("Bonjour très cher {{first_name}}, {{code}} arrive demain matin chez vous", "variables_adjacent"),
        ("Bonjour {{first_name}} et", "variables_ratio"),
        ("Le un {{a}} le deux {{b}} le trois {{c}} le quatre {{d}} le cinq {{e}} le six {{f}} fin", "variables_many"),
        ("Bonjour {{first name}}, votre livraison {{code}} arrive bientôt", "variable_form"),
        ("Bonjour {{First}}, votre livraison arrive bientôt chez vous", "variable_name"),
        ("Bonjour {{first_name}},\n\n\nvotre livraison arrive bientôt", "line_breaks"),
        ("Bonjour {{first_name}},    votre livraison arrive bientôt", "spaces"),
        ("Bonjour {{first_name}},\tvotre livraison arrive bientôt", "spaces"),
        (" Bonjour {{first_name}}, votre livraison arrive bientôt", "edges"),
        ("Bonjour {{first_name}}, profitez de notre remise sur la livraison", "promotional_words"),
        ("Bonjour {{first_name}}, 20% de réduction sur la livraison", "promotional_words"),
        ("Votre livraison arrive bientôt chez vous", "utility_without_reference"),
        ("Hello {{first_name}}, thank you for your order, we will call you", "language_mismatch"),
        ("Bonjour {{first_name}}, voyez https://bit.ly/abc pour votre livraison", "url_shortened"),
        ("Bonjour {{first_name}}, écrivez à https://wa.me/242065000001 pour cela", "url_of_whatsapp"),
        ("Bonjour {{first_name}}, " + "merci " * 180, "length"),
    ],
)
def test_what_a_body_says_is_judged(body: str, rule: str) -> None:
    assert rule in rules(with_body(body))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"name": "Promo-1"}, "name_form"),
        ({"name": "a" * 513}, "length"),
        ({"language": "french"}, "language_form"),
        ({"header": "x" * 61}, "length"),
        ({"footer": "x" * 61}, "length"),
        ({"header": "Bonjour {{first_name}} {{code}}"}, "header_variables"),
        ({"header": "Bonjour 🎉"}, "emoji"),
        ({"footer": "Kimia 🇨🇬"}, "emoji"),
        ({"header": "*Bonjour*"}, "markup"),
        ({"footer": "_Kimia_"}, "markup"),
        ({"header": "Bon\njour"}, "line_break"),
        ({"footer": "Pour {{first_name}}"}, "variable_place"),
        ({"header": {"type": "image"}}, "header_sample"),
        ({"body": None}, "body_missing"),
        ({"examples": {"first_name": "Grâce"}}, "example_missing"),
        ({"examples": {"first_name": "first name", "code": "C-1"}}, "example_placeholder"),
        ({"examples": {"first_name": "{{first_name}}", "code": "C-1"}}, "example_placeholder"),
        ({"examples": {"first_name": "Exemple", "code": "C-1"}}, "example_placeholder"),
        ({"examples": {"first_name": "Grâce", "code": "C-1", "more": "x"}}, "example_unused"),
        (replies(*(f"Choix {index}" for index in range(11))), "buttons_many"),
        (replies("x" * 26), "length"),
        (replies("Oui 👍"), "emoji"),
        (replies("*Oui*"), "markup"),
        (replies("Oui\nNon"), "line_break"),
        (replies("Oui", "oui"), "buttons_alike"),
        (
            {"buttons": [{"type": "url", "text": f"Voir {i}", "url": "https://a.example/"} for i in range(3)]},
            "buttons_of_a_kind",
        ),
        (
            {
                "buttons": [
                    *replies("Oui")["buttons"],
                    *link("https://a.example/")["buttons"],
                    *replies("Non")["buttons"],
                ]
            },
            "buttons_order",
        ),
        (link("https://kimia.example/{{code}}/pay"), "url_variable"),
        (link("http://kimia.example/"), "url_form"),
        (link("kimia.example"), "url_form"),
        (link("https://kimia.example/" + "x" * 2000), "length"),
        (link("https://wa.me/242065000001"), "url_of_whatsapp"),
        (link("https://tinyurl.com/abc"), "url_shortened"),
        ({"buttons": [{"type": "phone_number", "text": "Appeler", "phone_number": "06 500"}]}, "button_phone"),
        ({"buttons": [{"type": "copy_code", "code": "PROMOTION-2026-01"}]}, "length"),
        ({"ttl_seconds": 29}, "ttl"),
        ({"ttl_seconds": 43_201}, "ttl"),
        ({"category": "marketing", "ttl_seconds": 600}, "ttl"),
        ({"category": "marketing"}, "category_doubtful"),
        ({"authentication": {}}, "authentication"),
        ({"buttons": [{"type": "otp"}]}, "authentication"),
        ({"category": "authentication"}, "authentication"),
        ({"alternate": "nowhere"}, "alternate_missing"),
        ({"alternate": "delivery_planned"}, "alternate_missing"),
    ],
    ids=str,
)
def test_what_a_template_has_is_judged(changes: dict[str, Any], rule: str) -> None:
    assert rule in rules(a_template(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"ttl_seconds": 30},
        {"ttl_seconds": 43_200},
        {"ttl_seconds": -1},
        {"header": "x" * 60},
        replies("x" * 25),
        replies(*(f"Choix {index}" for index in range(10))),
        {"header": {"type": "image", "sample": "samples/offer.jpg"}},
        {"header": "Livraison snake_case_is_no_markup"},
        {"buttons": [{"type": "phone_number", "text": "Appeler", "phone_number": "+242065000001"}]},
    ],
    ids=str,
)
def test_what_is_just_within_the_rules_passes(changes: dict[str, Any]) -> None:
    assert found(a_template(**changes)) == []


def test_a_twin_of_another_template_is_found_whatever_its_variables_are_called() -> None:
    twin = with_body(str(a_template().body).replace("first_name", "who"), name="twin")

    assert rules(a_template(), twin) == {"body_duplicate"}
    assert rules(a_template(), twin.model_copy(update={"language": "en"})) == set()


def test_an_alternate_takes_the_same_values() -> None:
    short = "Votre livraison {{code}} arrive, {{first_name}}, très bientôt."
    fitting = a_template(name="short", body=short)
    unlike = with_body("Bonjour {{first_name}}, votre livraison arrive bientôt.", name="short")

    assert rules(a_template(alternate="short"), fitting) == set()
    assert rules(a_template(alternate="short"), unlike) == {"alternate_unlike"}


def test_a_finding_says_how_severe_it_is_where_and_how_to_mend_it() -> None:
    (finding,) = found(a_template(footer="Kimia ⭐"))

    assert finding.severity is Severity.ERROR
    assert str(finding) == "error emoji: footer holds an emoji. Keep emoji for the body."


def test_the_worst_comes_first() -> None:
    severities = [finding.severity for finding in found(a_template(category="marketing", footer="⭐"))]

    assert severities == [Severity.ERROR, Severity.WARNING]
