"""An address in a wish: what is taken of "deliver to 12 Main Street instead", and what names no place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.addresses import MAX_ADDRESS, address_in, without_lead


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("livrez plutôt rue Malanda", "rue Malanda"),
        ("livrez plutôt au 25 Rue Malanda, Plateau des 15 ans", "25 Rue Malanda, Plateau des 15 ans"),
        ("envoyez-le plutôt à Talangaï svp", "Talangaï"),
        ("je veux qu’on me livre à Moungali plutôt", "Moungali"),
        ("la livraison c'est à Bacongo finalement", "Bacongo"),
        ("mettez l'adresse 47 Rue Mayama", "47 Rue Mayama"),
        ("changer l'adresse : 25 rue Malanda", "25 rue Malanda"),
        ("changez l'adresse de livraison, mettez Moungali", "Moungali"),
        ("mon adresse a changé, c'est le 12 rue Mayama", "12 rue Mayama"),
        ("changer l'adresse de ma commande CMD-20250127-012 pour 47 Rue Mayama", "47 Rue Mayama"),
        ("livrez CMD-20250127-012 plutôt au 12 rue Mayama", "12 rue Mayama"),
        ("je ne suis plus chez moi, livrez à l'hôtel Saphir", "hôtel Saphir"),
        ("deliver to 12 Main Street instead", "12 Main Street"),
        ("Deliver it to 12 Main Street, please", "12 Main Street"),
        ("can you bring it to my office instead, 3 Avenue Foch?", "my office, 3 Avenue Foch"),
        ("I want to change the delivery address of my order to Moungali", "Moungali"),
        ("Please deliver to Bacongo market", "Bacongo market"),
    ],
)
def test_where_it_is_to_go_is_taken_out_of_the_wish(text: str, address: str) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "je veux changer l'adresse",
        "je veux changer l'adresse de livraison",
        "livrez à une autre adresse",
        "livrez-moi demain à 18h",
        "livrez à 18h",
        "livrez à ma mère",
        "livrez chez moi",
        "je ne suis plus chez moi, livrez au bureau",
        "je me suis trompé d'adresse pour CMD-20250127-012",
        "I want to change my address",
        "can I change the delivery address?",
        "deliver to another address",
        "deliver it to my mother",
        "deliver tomorrow at 5pm",
        "wrong address on CMD-20250127-012",
    ],
)
def test_a_wish_without_a_place_names_none(text: str) -> None:
    assert address_in(text) is None


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        ("livrez plutôt rue Malanda", "rue Malanda"),
        ("non, livrez au 12 rue Mayama svp", "12 rue Mayama"),
        ("deliver it to 12 Main Street", "12 Main Street"),
        ("10 Avenue de la Paix, livrez au portail bleu", "10 Avenue de la Paix, livrez au portail bleu"),
        ("8 Avenue Matsoua, Bacongo", "8 Avenue Matsoua, Bacongo"),
    ],
)
def test_an_answer_keeps_all_that_is_no_wish_around_it(answer: str, address: str) -> None:
    assert without_lead(answer) == address


PIECES = st.sampled_from(
    ["livrez", "à", "plutôt", "adresse", "deliver", "to", "12", "rue", "c'est", ":", "svp", "x", ","]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=60).map(" ".join))
def test_any_text_can_be_read(text: str) -> None:
    found = address_in(text)

    assert found is None or 0 < len(found) <= MAX_ADDRESS
    assert without_lead(text) or not text
