"""Looking around: kinds of shop, merchants, products side by side, one product with its photo, and the search."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from actions.people import PeopleClient
from actions.shop import BrowseProducts, PriceQuestion
from backend import BackendClient
from channels.whatsapp.messages import Carousel, List
from tests.actions.rasa import Played, play, said_by_person, tapped, tracker
from tests.actions.shops import BREAD, slot
from tests.backend.fake_backend import PRODUCT, Backend, as_json
from tests.channels.whatsapp.rendering import rendered

PHOTO = "https://shop.test/poulet.jpg"
CHICKEN = PRODUCT | {"photo_url": PHOTO, "merchant": "Chez Wivine", "description": "Avec mayonnaise"}
RICE = PRODUCT | {"id": "riz", "name": "Riz parfumé", "available": False}


def only_products(*products: dict[str, object]) -> Callable[[httpx.Request], httpx.Response]:
    """A backend that knows products and nothing else of a shop."""

    def answer(request: httpx.Request) -> httpx.Response:
        *_, kind, last = request.url.path.split("/")
        if last == "products":
            return as_json({"products": products})
        found = [product for product in products if kind == "products" and product["id"] == last]
        return as_json(found[0]) if found else as_json({"status": 404}, 404)

    return answer


def shop(people: PeopleClient, *products: dict[str, object]) -> BrowseProducts:
    return BrowseProducts(people, Backend(only_products(*products)).client())


def cards(played: Played) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = played.said[0]["elements"]
    return found


def asked(text: str, **facts: Any) -> Any:
    return tracker(said_by_person("browse_products", text=text), **facts)


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
async def test_where_nobody_tells_kinds_of_shop_products_stand_side_by_side(
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


async def test_a_product_sold_no_longer_is_told_and_leads_to_what_is_for_sale(people: PeopleClient) -> None:
    played = await play(shop(people, CHICKEN, RICE), tracker(tapped("browse_products", product_id="gone")))

    assert played.names == ["utter_product_gone"]
    assert "/browse_products" in played.payloads


@pytest.mark.parametrize(
    ("language", "price", "available", "buttons"),
    [
        ("fr", "2\u00a0500\u00a0FCFA", "✅ Disponible", ["Ajouter au panier", "Autres produits", "Menu"]),
        ("en", "2,500\u00a0FCFA", "✅ Available", ["Add to cart", "Other products", "Menu"]),
    ],
)
async def test_a_product_is_one_message_with_photo_caption_and_buttons(
    people: PeopleClient, language: str, price: str, available: str, buttons: list[str]
) -> None:
    message = tapped("browse_products", product_id=str(CHICKEN["id"]))

    played = await play(shop(people, CHICKEN, RICE), tracker(message, language=language))

    (product,) = played.said
    assert product["image"] == PHOTO
    for part in ("*Poulet Mayo*", price, "Chez Wivine", available, "_Avec mayonnaise_"):
        assert part in product["text"]
    assert played.titles == buttons
    assert played.payloads[0] == '/order_product{"product_id": "poulet-mayo"}'
    assert played.slots == {"shown_product": "poulet-mayo"}


@pytest.mark.parametrize(("language", "word"), [("fr", "Indisponible"), ("en", "Not available")])
async def test_what_cannot_be_had_has_no_button_to_order_it(people: PeopleClient, language: str, word: str) -> None:
    played = await play(
        shop(people, CHICKEN, RICE), tracker(tapped("browse_products", product_id="riz"), language=language)
    )

    assert "image" not in played.said[0]
    assert word in played.text
    assert "🏪" not in played.text
    assert "None" not in played.text
    assert "\n\n\n" not in played.text
    assert not [each for each in played.payloads if "order_product" in each]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_an_empty_shop_says_so(people: PeopleClient, language: str) -> None:
    played = await play(shop(people), tracker(said_by_person("browse_products"), language=language))

    assert played.names == ["utter_no_products"]


async def test_what_a_merchant_wrote_cannot_break_the_caption(people: PeopleClient) -> None:
    rude = CHICKEN | {"name": "Menu 10[bis] *gros*\nDISPONIBLE {slot}"}

    played = await play(shop(people, rude), tracker(tapped("browse_products", product_id=str(rude["id"]))))

    assert played.text.startswith("*Menu 10\u2060[bis] ∗gros∗ DISPONIBLE {slot}*\n")


async def test_kinds_of_shop_lead_to_merchants_and_those_to_their_products(
    people: PeopleClient, backend: BackendClient
) -> None:
    browse = BrowseProducts(people, backend)

    kinds = await play(browse, asked("vous vendez quoi ?"))
    merchants = await play(browse, tracker(tapped("browse_products", category_id="boutiques")))
    closed = await play(browse, tracker(tapped("browse_products", merchant_id="papeterie-matsoua")))

    assert kinds.titles[:2] == ["Restaurants", "Boulangeries et pâtisse…"]
    assert merchants.titles[-1] == "Papeterie Matsoua"
    assert "🔴 Fermé" in merchants.said[-1]["buttons"][-1]["description"]
    assert "🔴 Fermé pour le moment" in closed.text


async def test_kinds_of_shop_read_in_the_persons_language(people: PeopleClient, backend: BackendClient) -> None:
    browse = BrowseProducts(people, backend)

    kinds = await play(browse, asked("what do you sell?", language="en"))
    one = await play(browse, asked("show me the supermarkets", language="en"))

    assert kinds.titles == ["Restaurants", "Bakeries", "Supermarkets", "Pharmacies", "Fabrics and stationery"]
    assert kinds.payloads[1] == '/browse_products{"category_id": "boulangeries"}'
    assert one.slots["shown_merchant"] == "supermarche-du-fleuve"


async def test_a_kind_of_shop_that_has_one_name_is_called_by_it_in_every_language(people: PeopleClient) -> None:
    kinds = [{"id": "restaurants", "name": "Restos"}, {"id": "bazar", "name": "Bazar", "names": {"pt": "Loja"}}]
    browse = BrowseProducts(people, Backend(as_json({"categories": kinds})).client())

    played = await play(browse, asked("what do you sell?", language="en"))

    assert played.titles == ["Restos", "Bazar"]


async def test_all_of_the_demo_shop_can_be_paged_through(people: PeopleClient, backend: BackendClient) -> None:
    browse = BrowseProducts(people, backend)
    seen: list[str] = []
    message = tapped("browse_products", all_products="yes")
    while True:
        played = await play(browse, tracker(message))
        seen += [card["title"] for card in cards(played)]
        if len(played.said) == 1:
            break
        message = tapped("browse_products", cursor=played.payloads[0].split('"')[3])

    assert len(set(seen)) == len(seen) == 25


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("vous avez du poulet ?", "fr", "Poulet Mayo"),
        ("poulé mayo", "fr", "Poulet Mayo"),
        ("Avez-vous du lait ?", "fr", "Lait concentré sucré"),
        ("do you have milk", "en", "Lait concentré sucré"),
        ("sakasaka", "fr", "Saka-saka"),
        ("je cherche une moustikaire", "fr", "Moustiquaire"),
    ],
)
async def test_a_search_forgives_typos_and_shows_the_one_product(
    people: PeopleClient, backend: BackendClient, text: str, language: str, found: str
) -> None:
    played = await play(BrowseProducts(people, backend), asked(text, language=language))

    assert played.names == ["utter_product"]
    assert found in played.text


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("du jus", {"Jus de gingembre", "Jus de bissap"}),
        ("du poisson", {"Saka-saka au poisson fumé", "Liboké de poisson", "Poisson braisé"}),
    ],
)
async def test_what_several_products_may_be_is_shown_side_by_side(
    people: PeopleClient, backend: BackendClient, text: str, titles: set[str]
) -> None:
    played = await play(BrowseProducts(people, backend), asked(text))

    assert {card["title"] for card in cards(played)} == titles


@pytest.mark.parametrize(
    ("text", "language", "part"),
    [
        ("je veux manger", "fr", "Chez Maman Wivine"),
        ("I'm hungry", "en", "Chez Maman Wivine"),
        ("une pharmacie svp", "fr", "Pharmacie Loutassi"),
        ("les plats de chez maman wivin", "fr", "Chez Maman Wivine"),
    ],
)
async def test_words_for_a_kind_of_shop_or_a_merchant_lead_there(
    people: PeopleClient, backend: BackendClient, text: str, language: str, part: str
) -> None:
    played = await play(BrowseProducts(people, backend), asked(text, language=language))

    assert part in str(played.said[0])


async def test_what_is_not_sold_is_said_with_the_words_that_were_searched_for(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(BrowseProducts(people, backend), asked("vous avez des *trottinettes* ?"))

    assert played.names == ["utter_product_not_found"]
    assert "« trottinettes »" in played.text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("c'est combien le poulet ?", "utter_product"),
        ("cb la livraison", "utter_delivery_price"),
        ("tarif pour Pointe-Noire", "utter_price_of_what"),
        ("combien", "utter_delivery_price"),
    ],
)
async def test_a_price_is_that_of_what_is_named(
    people: PeopleClient, backend: BackendClient, text: str, name: str
) -> None:
    played = await play(PriceQuestion(people, backend), tracker(said_by_person("price_question", text=text)))

    assert played.names == [name]


async def test_a_price_without_a_name_is_that_of_the_product_on_the_screen(
    people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("price_question", text="c'est combien ?")

    played = await play(PriceQuestion(people, backend), tracker(message, shown_product="chikwangue"))

    assert "Chikwangue" in played.text
    assert "500\u00a0FCFA" in played.text


async def test_after_an_outage_the_button_asks_the_same_again(people: PeopleClient) -> None:
    browse = BrowseProducts(people, Backend(as_json({}, 500)).client())

    played = await play(browse, asked("vous avez du lait ?"))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == '/browse_products{"query": "lait"}'


async def test_how_much_in_all_is_the_cart(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("price_question", text="c combien en tout")

    played = await play(PriceQuestion(people, backend), tracker(message, cart=slot(BREAD)))

    assert played.names == ["utter_cart"]


async def test_some_of_the_words_bring_what_comes_close(people: PeopleClient, backend: BackendClient) -> None:
    played = await play(BrowseProducts(people, backend), asked("vous avez du jus d'ananas"))

    assert "Je n'ai pas trouvé exactement « jus ananas »" in played.text
    assert [card["title"] for card in cards(played)] == ["Jus de gingembre", "Jus de bissap"]


async def test_several_things_looked_for_at_once_stand_side_by_side(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(BrowseProducts(people, backend), asked("lait et riz et huile"))

    assert [card["title"] for card in cards(played)] == [
        "Lait concentré sucré",
        "Riz parfumé, 5 kg",
        "Huile de palme, 1 L",
    ]
