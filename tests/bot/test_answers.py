"""What in a message answers a question of a form, and what does not."""

import pytest

from relais_bot.components.answers import find_answers


def found(text: str) -> dict[str, str]:
    return {entity["entity"]: entity["value"] for entity in find_answers(text)}


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("10 avenue de la Paix", {"number", "address"}),
        ("marché total Bacongo", {"address"}),
        ("chez moi, derrière la pharmacie", {"address"}),
        ("av. Foch", {"address"}),
        ("opposite the big market", {"address"}),
        ("at the office", {"address"}),
        ("la boutique chez Rose", {"address"}),
        ("Dieu Merci", {"person_name"}),
        ("Marie-Claire N’Goma Okemba", {"person_name"}),
        ("Élise Étienne", {"person_name"}),
        ("ne pas secouer", {"instruction"}),
        ("06 123 45 76", {"number"}),
        ("10k", {"number"}),
        ("dix mille francs", {"number"}),
        ("Quatre-vingt-dix mille", {"number"}),
        ("twenty thousand", {"number"}),
        ("neuf euros", {"number"}),
        ("appelez avant d'arriver", {"instruction"}),
        ("leave it with the guard", {"instruction"}),
        ("fragile svp", {"instruction"}),
        ("C'est très fragile !", {"instruction"}),
        ("heavy please", {"instruction"}),
        ("please ring the bell twice", {"instruction"}),
        ("Passer", {"skipping"}),
        ("skip it", {"skipping"}),
        ("je ne sais pas", {"skipping"}),
        ("no idea", {"skipping"}),
        ("c'est le mien", {"own_number"}),
        ("Same as mine", {"own_number"}),
        ("retour", {"step_back"}),
        ("go back", {"step_back"}),
    ],
)
def test_an_answer_is_found_whole(text: str, entities: set[str]) -> None:
    assert found(text) == dict.fromkeys(entities, text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("changer l'adresse de départ", "pickup"),
        ("the pick up is wrong", "pickup"),
        ("changer l'adresse du destinataire", "dropoff"),
        ("changer le nom du destinataire", "recipient_name"),
        ("je me suis trompé de numéro", "recipient_phone"),
        ("change the recipient's phone", "recipient_phone"),
        ("la valeur n'est pas bonne", "value"),
        ("edit the note", "note"),
    ],
)
def test_the_answer_that_is_meant_is_named(text: str, field: str) -> None:
    assert found(text) == {"parcel_field": field}


@pytest.mark.parametrize(
    "text",
    [
        "le livreur est dans quelle rue ?",
        "où est COUR-20250127-061, 3 rue Mayama",
        "Bonjour",
        "Bonjour madame",
        "Étage élevé",
        "OU EST MON COLIS",
        "laissez tomber",
        "leave it",
        "appelez un conseiller svp",
        "call the human team",
        "passeport",
        "surnommé Paco",
        "deux",
        "un",
        "mille mercis",
        "deux poulets",
        "one moment please",
        "",
    ],
)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert found(text) == {}
