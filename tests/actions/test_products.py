"""Products: all of them side by side, and each with photo, caption and the way to the next."""

from typing import Any

import pytest

from actions.people import PeopleClient
from actions.products import BrowseProducts
from backend import BackendClient
from channels.whatsapp.messages import Carousel, List
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.backend.fake_backend import PRODUCT, Backend, as_json
from tests.channels.whatsapp.rendering import rendered

PHOTO = "https://shop.test/poulet.jpg"
CHICKEN = PRODUCT | {"photo_url": PHOTO, "merchant": "Chez Wivine", "description": "Avec mayonnaise"}
RICE = PRODUCT | {"id": "riz", "name": "Riz parfumé", "available": False}
ONE = {"product_id": str(CHICKEN["id"])}


def shop(people: PeopleClient, *products: dict[str, object]) -> BrowseProducts:
    """A shop that sells exactly these."""
    return BrowseProducts(people, Backend(as_json({"products": products})).client())


def cards(played: Played) -> list[dict[str, Any]]:
    (said,) = played.said
    found: list[dict[str, Any]] = said["elements"]
    return found


@pytest.mark.parametrize(
    ("language", "subtitles", "button"),
    [
        (
            "fr",
            ["💰 2\u00a0500\u00a0FCFA\n🏪 Chez Wivine · ✅ Disponible", "💰 2\u00a0500\u00a0FCFA\n⏳ Indisponible"],
            "Voir",
        ),
        ("en", ["💰 2,500\u00a0FCFA\n🏪 Chez Wivine · ✅ Available", "💰 2,500\u00a0FCFA\n⏳ Not available"], "See"),
    ],
)
async def test_what_is_for_sale_is_shown_side_by_side_with_a_button_each(
    people: PeopleClient, language: str, subtitles: list[str], button: str
) -> None:
    played = await play(shop(people, CHICKEN, RICE), tracker(said_by_person("browse_products"), language=language))

    assert played.names == ["utter_products"]
    assert [card["title"] for card in cards(played)] == ["Poulet Mayo", "Riz parfumé"]
    assert [card["subtitle"] for card in cards(played)] == subtitles
    assert [card["buttons"] for card in cards(played)] == [
        [{"type": "postback", "title": button, "payload": f'/browse_products{{"product_id": "{product["id"]}"}}'}]
        for product in (CHICKEN, RICE)
    ]


@pytest.mark.parametrize(("photo", "form"), [(PHOTO, Carousel), (None, List)])
async def test_products_are_cards_if_each_has_a_photo_and_rows_of_a_list_if_not(
    people: PeopleClient, photo: str | None, form: type
) -> None:
    long = {"photo_url": photo, "name": "Poulet " * 20, "merchant": "Chez " + "Wivine " * 20}
    played = await play(shop(people, CHICKEN, RICE | long), tracker(said_by_person("browse_products")))

    made = rendered(played.said[0])

    assert [type(message) for message in made.messages] == [form]
    assert form is List or made.cuts == ()


async def test_a_product_sold_no_longer_leads_to_what_is_for_sale(people: PeopleClient) -> None:
    gone = tracker(said_by_person("browse_products", product_id="gone"))

    assert len(cards(await play(shop(people, CHICKEN, RICE), gone))) == 2


async def test_a_shop_with_one_product_shows_it_at_once(people: PeopleClient) -> None:
    played = await play(shop(people, CHICKEN), tracker(said_by_person("browse_products")))

    assert played.names == ["utter_last_product"]
    assert "1/1" in played.text


@pytest.mark.parametrize(
    ("language", "price", "available", "buttons"),
    [
        ("fr", "2\u00a0500\u00a0FCFA", "✅ Disponible", ["Produit suivant", "Menu"]),
        ("en", "2,500\u00a0FCFA", "✅ Available", ["Next product", "Menu"]),
    ],
)
async def test_a_product_is_one_message_with_photo_caption_and_buttons(
    people: PeopleClient, language: str, price: str, available: str, buttons: list[str]
) -> None:
    played = await play(
        shop(people, CHICKEN, RICE), tracker(said_by_person("browse_products", **ONE), language=language)
    )

    (product,) = played.said
    assert product["image"] == PHOTO
    for part in ("*Poulet Mayo*", price, "Chez Wivine", available, "_Avec mayonnaise_", "1/2"):
        assert part in product["text"]
    assert played.titles == buttons
    assert played.payloads[0] == '/browse_products{"product_id": "riz"}'


@pytest.mark.parametrize(("language", "word"), [("fr", "Indisponible"), ("en", "Not available")])
async def test_a_product_without_photo_or_merchant_reads_well_all_the_same(
    people: PeopleClient, language: str, word: str
) -> None:
    message = said_by_person("browse_products", product_id="riz")

    played = await play(shop(people, CHICKEN, RICE), tracker(message, language=language))

    assert "image" not in played.said[0]
    assert word in played.text
    assert "🏪" not in played.text
    assert "None" not in played.text
    assert "\n\n\n" not in played.text


async def test_the_last_product_leads_back_to_all_of_them(people: PeopleClient) -> None:
    played = await play(shop(people, CHICKEN, RICE), tracker(said_by_person("browse_products", product_id="riz")))

    assert played.titles == ["Tous les produits", "Menu"]
    assert played.payloads[0] == "/browse_products"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_an_empty_shop_says_so(people: PeopleClient, language: str) -> None:
    played = await play(shop(people), tracker(said_by_person("browse_products"), language=language))

    assert played.names == ["utter_no_products"]


async def test_what_a_merchant_wrote_cannot_break_the_caption(people: PeopleClient) -> None:
    rude = CHICKEN | {"name": "Menu 10[bis] *gros*\nDISPONIBLE {slot}"}

    played = await play(shop(people, rude), tracker(said_by_person("browse_products")))

    assert played.text.startswith("*Menu 10\u2060[bis] ∗gros∗ DISPONIBLE {slot}*\n")


async def test_the_whole_demo_shop_can_be_paged_through(people: PeopleClient, backend: BackendClient) -> None:
    browse = BrowseProducts(people, backend)
    seen: list[str] = []
    overview = await play(browse, tracker(said_by_person("browse_products")))
    first = cards(overview)[0]["buttons"][0]["payload"]
    entities = {"product_id": first.split('"')[3]}
    while len(seen) < 20:
        played = await play(browse, tracker(said_by_person("browse_products", **entities)))
        seen.append(played.text)
        if played.names == ["utter_last_product"]:
            break
        entities = {"product_id": played.payloads[0].split('"')[3]}

    assert len(set(seen)) == len(seen) == 10
