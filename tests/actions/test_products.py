"""Products: one message each, with photo, caption and the way to the next."""

import pytest

from actions.people import PeopleClient
from actions.products import BrowseProducts
from backend import BackendClient
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import PRODUCT, Backend, as_json

PHOTO = "https://shop.test/poulet.jpg"
CHICKEN = PRODUCT | {"photo_url": PHOTO, "merchant": "Chez Wivine", "description": "Avec mayonnaise"}
RICE = PRODUCT | {"id": "riz", "name": "Riz parfumé", "available": False}


def shop(people: PeopleClient, *products: dict[str, object]) -> BrowseProducts:
    """A shop that sells exactly these."""
    return BrowseProducts(people, Backend(as_json({"products": products})).client())


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
    played = await play(shop(people, CHICKEN, RICE), tracker(said_by_person("browse_products"), language=language))

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


async def test_the_last_product_leads_back_to_the_first(people: PeopleClient) -> None:
    played = await play(shop(people, CHICKEN, RICE), tracker(said_by_person("browse_products", product_id="riz")))

    assert played.titles == ["Revenir au début", "Menu"]


async def test_a_product_sold_no_longer_leads_to_the_first(people: PeopleClient) -> None:
    played = await play(shop(people, CHICKEN), tracker(said_by_person("browse_products", product_id="gone")))

    assert "Poulet Mayo" in played.text


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_an_empty_shop_says_so(people: PeopleClient, language: str) -> None:
    played = await play(shop(people), tracker(said_by_person("browse_products"), language=language))

    assert played.names == ["utter_no_products"]


async def test_a_photo_that_whatsapp_cannot_fetch_is_left_out(people: PeopleClient) -> None:
    played = await play(
        shop(people, CHICKEN | {"photo_url": "ftp://shop.test/a.jpg"}), tracker(said_by_person("browse_products"))
    )

    assert "image" not in played.said[0]


async def test_what_a_merchant_wrote_cannot_break_the_caption(people: PeopleClient) -> None:
    rude = CHICKEN | {"name": "Menu 10[bis] *gros*\nDISPONIBLE {slot}"}

    played = await play(shop(people, rude), tracker(said_by_person("browse_products")))

    assert played.text.startswith("*Menu 10\u2060[bis] ∗gros∗ DISPONIBLE {slot}*\n")


async def test_the_whole_demo_shop_can_be_paged_through(people: PeopleClient, backend: BackendClient) -> None:
    browse = BrowseProducts(people, backend)
    seen: list[str] = []
    entities: dict[str, str] = {}
    while len(seen) < 20:
        played = await play(browse, tracker(said_by_person("browse_products", **entities)))
        seen.append(played.text)
        if played.names == ["utter_last_product"]:
            break
        entities = {"product_id": played.payloads[0].split('"')[3]}

    assert len(set(seen)) == len(seen) == 10
