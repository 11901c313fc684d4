"""From where to where: the places of a question about the price of a delivery, and what is no place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.ways import read_way

BACONGO_MOUNGALI = ("Bacongo", "Moungali")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("cb pour livrer de Bacongo à Moungali ?", BACONGO_MOUNGALI),
        ("combien de bacongo à moungali", ("bacongo", "moungali")),
        ("c'est combien la livraison de poto-poto vers mfilou", ("poto-poto", "mfilou")),
        ("prix d'une course de Bacongo à Ouenzé svp", ("Bacongo", "Ouenzé")),
        ("entre Bacongo et Moungali c combien", BACONGO_MOUNGALI),
        ("de 10 avenue de la Paix à 25 rue Malanda combien ?", ("10 avenue de la Paix", "25 rue Malanda")),
        ("de la Gare à l’aéroport ça coûte combien", ("la Gare", "l'aéroport")),
        ("combien ça coûte d'envoyer un pli depuis Bacongo jusqu'au Plateau", ("Bacongo", "Plateau")),
        ("livraison bacongo -> moungali combien", ("bacongo", "moungali")),
        ("combien pour un colis de Bacongo à Moungali", BACONGO_MOUNGALI),
        ("how much from Bacongo to Moungali?", BACONGO_MOUNGALI),
        ("how much to send a parcel from Bacongo to Moungali", BACONGO_MOUNGALI),
        ("what would a delivery from Centre-ville to Mpila cost", ("Centre-ville", "Mpila")),
        ("how much between Bacongo and Moungali", BACONGO_MOUNGALI),
        ("combien pour livrer à Moungali", (None, "Moungali")),
        ("frais de livraison pour Bacongo", (None, "Bacongo")),
        ("c'est combien pour livrer un colis à Ouenzé", (None, "Ouenzé")),
        ("how much is the delivery fee to Bacongo", (None, "Bacongo")),
        ("how much from the station to my mother", ("the station", None)),
    ],
)
def test_the_places_are_found_around_what_leads_to_them(text: str, way: tuple[str | None, str | None]) -> None:
    found = read_way(text)

    assert (found.pickup, found.dropoff) == way


@pytest.mark.parametrize(
    "text",
    [
        "c'est combien le poulet",
        "combien coûte le riz de 5 kg",
        "prix du sac de riz à Bacongo",
        "combien pour envoyer un colis de chaussures à Bacongo",
        "combien la livraison à domicile",
        "combien pour la livraison chez moi",
        "tarif bacongo moungali",
        "cb le transport",
        "how much for the chicken",
    ],
)
def test_what_names_no_way_has_none(text: str) -> None:
    found = read_way(text)

    assert (found.pickup, found.dropoff) == (None, None)


PIECES = st.sampled_from(
    [
        "combien",
        "de",
        "d'",
        "depuis",
        "entre",
        "et",
        "à",
        "vers",
        "livrer",
        "from",
        "to",
        "->",
        "Bacongo",
        "colis",
        "?",
        "c'est",
    ]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=60).map(" ".join))
def test_any_text_can_be_read(text: str) -> None:
    found = read_way(text)

    assert all(place is None or place.strip() for place in (found.pickup, found.dropoff))
