"""In which language a turn is answered."""

from typing import Any

import pytest

from relais_bot.stickiness import Language, language_of_turn

FR, EN = Language(name="fr"), Language(name="en")
CHOSEN_EN = Language(name="en", chosen=True)


def message(text: str, name: "str | None" = None, confidence: float = 0.99, **over: Any) -> dict[str, Any]:
    return {"text": text, "language": {"name": name, "confidence": confidence}, **over}


def change_to(*values: Any) -> dict[str, Any]:
    entities = [{"entity": "language", "value": value} for value in values]
    return {"text": "x", "intent": {"name": "change_language"}, "entities": entities}


@pytest.mark.parametrize(
    ("before", "said", "default", "after"),
    [
        # The first message
        (Language(), message("hello", "en"), "fr", EN),
        (Language(), message("hello", "en", 0.6), "fr", FR),
        (Language(), message("👍"), "en", EN),
        (Language(), message("👍"), None, FR),
        (Language(), message("👍"), "ar", FR),
        (Language(), message("hola", "es"), "en", EN),
        # A button has no language of its own
        (Language(), {"text": "Menu", "intent": {"name": "help"}}, "en", EN),
        (EN, {"text": "Menu", "intent": {"name": "help"}}, "fr", EN),
        # A conversation under way
        (FR, message("where is my parcel", "en"), "fr", EN),
        (FR, message("where is my parcel", "en", 0.85), "fr", FR),
        (FR, message("Jean Malonga", "en", 0.96), "fr", FR),
        (FR, message("thank you", "en", 0.99), "fr", EN),
        (FR, message("no", "en", 1.0), "fr", FR),
        (EN, message("COUR-20250127-061", None, 0.0), "fr", EN),
        # A choice
        (FR, change_to("en"), "fr", CHOSEN_EN),
        (FR, change_to("fr", "en"), "fr", CHOSEN_EN),
        (CHOSEN_EN, change_to("fr"), "fr", Language(name="fr", chosen=True)),
        (CHOSEN_EN, message("où est mon colis s'il vous plaît", "fr", 1.0), "fr", CHOSEN_EN),
        (FR, change_to(), "fr", FR),
        (FR, change_to("es"), "fr", FR),
        (FR, change_to(None, ["en"]), "fr", FR),
        # Something odd in the slot
        (Language(name="xx", chosen=True), message("ok"), "en", EN),
    ],
)
def test_language_of_turn(before: Language, said: dict[str, Any], default: "str | None", after: Language) -> None:
    assert language_of_turn(before, said, default) == after


@pytest.mark.parametrize(
    ("said", "after"),
    [
        (message("25 Rue Malanda, près du marché", "fr", intent={"name": "nlu_fallback"}), EN),
        (message("Marie Okemba ma sœur", "fr", intent={"name": "out_of_scope"}), EN),
        (message("livrez rue Makoko", "fr", intent={"name": "change_address"}, entities=[{"entity": "address"}]), EN),
        (message("où est mon colis", "fr", intent={"name": "track_delivery"}), FR),
        (change_to("fr"), Language(name="fr", chosen=True)),
    ],
)
def test_an_answer_to_a_form_changes_no_language(said: dict[str, Any], after: Language) -> None:
    assert language_of_turn(EN, said, "fr", is_asked=True) == after
