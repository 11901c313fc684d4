"""What the assistant says: complete in both languages, within WhatsApp's limits, all of it used."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from channels.whatsapp.markdown import to_whatsapp
from channels.whatsapp.messages import Buttons, CtaUrl, List
from tests.actions.rasa import DOMAIN, RESPONSES, ROOT, fill
from tests.channels.whatsapp.rendering import rendered

LANGUAGES = ("fr", "en")
# What is filled in, at its longest: what fits with these fits with anything plausible.
LONGEST = {
    "business_name": "Les Messageries Réunies du Grand Brazzaville",
    "support_number": "+242065000001",
    "hours": "lun–ven 08:00–19:00 · sam 09:00–17:00 · dim 10:00–12:00",
    "claim": "RCL-20250127-001",
    "code": "COUR-20250127-061",
    "entity": "delivery_code",
    "thing": "la livraison",
    "late": "1 h 25 de retard : préparation plus longue que prévu",
    "when": "mar. 27 janv., 14:30",
    "status": "Livreur en route vers le départ",
    "stars": "⭐⭐⭐⭐⭐",
    "courier": "Jean-Baptiste Bienvenu Malonga-Nkounkou de la Sangha",
    "again": '/track_delivery{"delivery_code": "COUR-20250127-061"}',
    "add": '/order_product{"product_id": "poulet-mayo-avec-supplement-de-bananes"}',
    "others": '/browse_products{"merchant_id": "chez-maman-wivine-et-ses-filles"}',
    "more": '/browse_products{"cursor": "poulet-mayo-avec-supplement-de-bananes"}',
    "yes": '/order_product{"product_id": "poulet-mayo-avec-supplement-de-bananes", "replace_cart": "yes"}',
    "words": "sandales en cuir marron pour femme, pointure trente-neuf …",
    "merchant": "Restaurant Chez Maman Wivine et ses filles, Moungali",
    "other": "Supermarché du Fleuve et de la Corniche, Mpila",
    "product": "Poulet Mayo avec supplément de bananes plantains frites",
    "option": "Accompagnement de votre plat, à choisir",
    "count": "99",
    "summary": "01997f3e-2c5b-7d43-9a51-0c2f6e8b4d17",
    "caption": "x" * 900,
    "category": "marketing",
    "wish": "01997f3e-2c5b-7d43-9a51-0c2f6e8b4d17",
    "delivery": "COUR-20250127-061",
    "name": "Un sac de riz parfumé de vingt-cinq kilos, long grain, de…",
    "product": "poulet-mayo-avec-supplement-de-bananes",
    "merchant": "Le Grand Supermarché des Frères Malonga de Brazzaville",
    "minimum": "1 000 000 000 FCFA",
    "url": "https://suivi.les-messageries-reunies.example.com/t/AbCdEfGhIjKlMnOpQrStUv",
}
FIXED_SLOTS = {"business_name", "support_number"}  # the server sets them before every turn
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}")

VARIATIONS = [
    pytest.param(name, variation, id=f"{name}-{position}")
    for name, variations in RESPONSES.items()
    for position, variation in enumerate(variations)
]


def language_of(variation: dict[str, Any]) -> str:
    (language,) = (each["value"] for each in variation["condition"] if each["name"] == "language")
    return str(language)


def other_conditions(variation: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((each["name"], each["value"]) for each in variation["condition"] if each["name"] != "language")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


@pytest.mark.parametrize("name", RESPONSES)
def test_what_is_said_in_one_language_is_said_in_the_other(name: str) -> None:
    def shape(language: str) -> list[Any]:
        """Everything of a language's variations but the words."""
        return [
            (
                other_conditions(variation),
                [button.get("payload") or button["url"] for button in variation.get("buttons", [])],
                sorted({found for text in strings(variation) for found in PLACEHOLDER.findall(text)} - FIXED_SLOTS),
                "list" in variation.get("custom", {}),
            )
            for variation in RESPONSES[name]
            if language_of(variation) == language
        ]

    if name == "utter_language_changed":  # offers the way back, which differs
        assert len(shape("fr")) == len(shape("en"))
    else:
        assert shape("fr") == shape("en") != []


@pytest.mark.parametrize(("name", "variation"), VARIATIONS)
def test_a_response_fits_into_one_message_with_the_longest_data(name: str, variation: dict[str, Any]) -> None:
    said = fill({key: value for key, value in variation.items() if key != "condition"}, LONGEST)
    if "list" in said.get("custom", {}) and "buttons" not in said:  # the action adds the rows
        said["buttons"] = [{"title": "COUR-20250127-061", "payload": "/help", "description": "…"}]

    made = rendered(said)
    (message,) = made.messages

    assert made.cuts == ()
    if isinstance(message, Buttons):
        assert [button.title for button in message.buttons] == [button["title"] for button in said["buttons"]]
    elif isinstance(message, CtaUrl):
        assert [message.title] == [button["title"] for button in said["buttons"]]
    elif isinstance(message, List):
        rows = [row.title for section in message.sections for row in section.rows]
        assert rows == [button["title"] for button in said["buttons"]]
        assert message.button == said["custom"]["list"]["button"]


@pytest.mark.parametrize(("name", "variation"), VARIATIONS)
def test_a_response_is_written_in_whatsapps_markup(name: str, variation: dict[str, Any]) -> None:
    assert to_whatsapp(variation["text"]) == variation["text"]


@pytest.mark.parametrize(("name", "variation"), VARIATIONS)
def test_buttons_mean_something_the_assistant_knows(name: str, variation: dict[str, Any]) -> None:
    for button in fill(variation.get("buttons", []), LONGEST):
        if "url" in button:
            continue
        found = re.fullmatch(r"/(\w+)(\{.*\})?", button["payload"])
        assert found, button
        assert found[1] in DOMAIN["intents"]
        assert set(json.loads(found[2] or "{}")) <= set(DOMAIN["entities"])


def test_no_response_names_a_business() -> None:
    businesses = yaml.safe_load((ROOT / "business.yml").read_text())["businesses"]
    everything = " ".join(strings(RESPONSES))

    assert not [each["name"] for each in businesses if each["name"] in everything]


def test_every_response_is_said_somewhere_and_nothing_else_is() -> None:
    rules = " ".join(path.read_text() for path in ROOT.glob("data/rules/*.yml"))
    code = " ".join(path.read_text() for path in ROOT.glob("actions/**/*.py"))
    said = set(re.findall(r"\butter_\w+", rules)) | set(re.findall(r'"(utter_(?!message)\w+)"', code))
    asked = {f"utter_ask_{form}_{slot}" for form, of in DOMAIN["forms"].items() for slot in of["required_slots"]}
    asked -= {name.replace("action_", "utter_", 1) for name in DOMAIN["actions"]}  # asked by an action, in its words

    assert said | asked == set(RESPONSES)


@pytest.mark.parametrize("name", ["utter_greet", "utter_goodbye", "utter_thanks", "utter_out_of_scope"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_often_is_not_always_said_the_same_way(name: str, language: str) -> None:
    texts = {variation["text"] for variation in RESPONSES[name] if language_of(variation) == language}

    assert len(texts) >= 3
