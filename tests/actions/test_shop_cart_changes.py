"""The cart on the screen: priced by the backend, its problems in words, changed by words and by buttons."""

from decimal import Decimal
from typing import Any

import pytest

from actions.people import PeopleClient
from actions.shop import AnswerShop, AskShopQuestion, ShowCart, UsePromoCode
from actions.shop.cart import CartLine
from backend import BackendClient
from tests.actions.rasa import Played, play, said_by_person, tapped, tracker
from tests.actions.shops import BREAD, CHICKEN, in_cart, slot
from trade.money import Money

CAKES = ("palmiers", "Pâtisserie Les Palmiers")
MARKET = ("supermarche-du-fleuve", "Supermarché du Fleuve")
CLOSED = ("papeterie-matsoua", "Papeterie Matsoua")
SPICY = CartLine(product_id="poulet-mayo", name="Poulet Mayo", choices=("piment",), choice_names=("Piment",))


@pytest.fixture
def cart(people: PeopleClient, backend: BackendClient) -> ShowCart:
    return ShowCart(people, backend)


async def said(cart: ShowCart, text: str, content: Any, **facts: Any) -> Played:
    message = said_by_person("show_cart", text=text)
    return await play(cart, tracker(message, sender="celine", cart=content, **facts))


async def tap(cart: ShowCart, content: Any, **entities: str) -> Played:
    return await play(cart, tracker(tapped("show_cart", **entities), sender="celine", cart=content))


async def test_an_empty_cart_says_so(cart: ShowCart) -> None:
    played = await said(cart, "mon panier", None)

    assert played.names == ["utter_cart_empty"]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("fr", ["• 2 × Poulet Mayo : 5\u00a0000\u00a0FCFA", "*Total : 5\u00a0500\u00a0FCFA*, hors livraison"]),
        ("en", ["• 2 × Poulet Mayo: 5,000\u00a0FCFA", "*Total: 5,500\u00a0FCFA*, without delivery"]),
    ],
)
async def test_the_cart_tells_lines_and_total(cart: ShowCart, language: str, parts: list[str]) -> None:
    played = await said(cart, "mon panier", slot(CHICKEN, BREAD), language=language)

    for part in [*parts, "Chez Maman Wivine"]:
        assert part in played.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (slot(CartLine(product_id="cahiers", name="Cahiers"), merchant=CLOSED), "est fermé"),
        (slot(CartLine(product_id="lessive-1kg", name="Lessive"), merchant=MARKET), "Lessive : épuisé"),
        (slot(CartLine(product_id="eau-pack", name="Eau", quantity=5), merchant=MARKET), "Eau : il n'en reste que 2"),
        (slot(CartLine(product_id="lait-concentre", name="Lait"), merchant=MARKET), "à partir de 3\u00a0000\u00a0FCFA"),
        (slot(CHICKEN, CartLine(product_id="gone", name="Foufou")), "Foufou n'est plus en vente"),
        (
            slot(CartLine(product_id="poulet-mayo", name="Poulet Mayo", choices=("pili-pili",))),
            "Poulet Mayo : une option n'est plus disponible",
        ),
    ],
)
async def test_what_stands_in_the_way_is_said_and_ordering_not_offered(
    cart: ShowCart, content: Any, words: str
) -> None:
    played = await said(cart, "mon panier", content)

    assert words in played.text
    assert "/checkout" not in played.payloads


async def test_a_price_that_changed_since_it_was_shown_is_said_once(cart: ShowCart) -> None:
    cheaper = CartLine(
        product_id="chikwangue", name="Chikwangue", shown_price=Money(amount=Decimal(400), currency="XAF")
    )

    first = await said(cart, "mon panier", slot(cheaper))
    second = await said(cart, "mon panier", first.slots["cart"])

    assert "Le prix a changé : Chikwangue, 400\u00a0FCFA → *500\u00a0FCFA*" in first.text
    assert "Le prix a changé" not in second.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("enlève le poulet", [("chikwangue", 1, [])]),
        ("retire un poulet du panier", [("poulet-mayo", 1, []), ("chikwangue", 1, [])]),
        ("mets 3 poulets au lieu de 2", [("poulet-mayo", 3, []), ("chikwangue", 1, [])]),
        ("remove the chikwangue", [("poulet-mayo", 2, [])]),
        ("I don't want the poulet any more", [("chikwangue", 1, [])]),
    ],
)
async def test_words_change_the_line_that_they_name(cart: ShowCart, text: str, left: list[Any]) -> None:
    played = await said(cart, text, slot(CHICKEN, BREAD))

    assert in_cart(played.slots) == left


async def test_emptying_asks_first(cart: ShowCart) -> None:
    content = slot(CHICKEN, BREAD)

    asked = await said(cart, "vide mon panier", content)
    done = await tap(cart, content, cart_change="empty", confirmed="yes")

    assert asked.titles == ["Oui, vider", "Garder mon panier"]
    assert "cart" not in asked.slots
    assert done.slots["cart"] is None


async def test_a_line_is_changed_by_buttons_and_a_late_one_changes_no_other(cart: ShowCart) -> None:
    content = slot(CHICKEN, SPICY)

    rows = await tap(cart, content, cart_change="edit")
    three = await tap(cart, content, cart_line="poulet-mayo:piment", quantity="3")
    gone = await tap(cart, slot(BREAD), cart_line="poulet-mayo:piment", quantity="3")

    assert rows.titles == ["2 × Poulet Mayo", "1 × Poulet Mayo", "🏷️ Code promo", "🗑️ Vider le panier"]
    assert in_cart(three.slots) == [("poulet-mayo", 2, []), ("poulet-mayo", 3, ["piment"])]
    assert gone.names == ["utter_cart_line_gone", "utter_cart"]
    assert in_cart(gone.slots) == [("chikwangue", 1, [])]


async def test_a_quantity_may_be_written_when_it_is_asked_for(
    cart: ShowCart, people: PeopleClient, backend: BackendClient
) -> None:
    content = slot(CHICKEN, BREAD)
    open_ = await tap(cart, content, cart_line="chikwangue")
    slots = {"shop_question": open_.slots["shop_question"], "cart": content}

    asked = await play(
        AskShopQuestion(people, backend), tracker(said_by_person("show_cart"), form="shop_form", **slots)
    )
    done = await play(
        AnswerShop(people, backend), tracker(said_by_person("nlu_fallback", text="mets-en quatre"), **slots)
    )

    assert asked.titles[-1] == "❌ Retirer"
    assert in_cart(done.slots) == [("poulet-mayo", 2, []), ("chikwangue", 4, [])]


@pytest.mark.parametrize(
    ("text", "words", "promo_code"),
    [
        ("mon code promo c'est BIENVENUE", "Code accepté : 500\u00a0FCFA de réduction", "BIENVENUE"),
        ("j'ai le code NOEL2024", "Le code NOEL2024 est expiré", None),
        ("le code promo est FANTOME", "Le code FANTOME n'existe pas", None),
        ("GATEAU15", "Le code GATEAU15 ne vaut pas pour cette commande", None),
    ],
)
async def test_a_promo_code_counts_or_its_reason_is_said(
    people: PeopleClient, backend: BackendClient, text: str, words: str, promo_code: str | None
) -> None:
    message = said_by_person("promo_code", text=text)

    played = await play(UsePromoCode(people, backend), tracker(message, sender="celine", cart=slot(CHICKEN)))

    assert words in played.text
    assert played.slots["cart"]["promo_code"] == promo_code


async def test_a_code_that_needs_a_larger_cart_says_how_large(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("promo_code", text="MOUNGALI500")

    played = await play(UsePromoCode(people, backend), tracker(message, sender="celine", cart=slot(BREAD)))

    assert "à partir de 5\u00a0000\u00a0FCFA" in played.text


async def test_a_code_for_an_empty_cart_waits_for_it(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("promo_code", text="mon code est BIENVENUE")

    played = await play(UsePromoCode(people, backend), tracker(message, sender="celine"))

    assert played.names == ["utter_promo_kept"]
    assert played.slots["cart"]["promo_code"] == "BIENVENUE"


async def test_without_a_code_it_is_asked_for_and_a_no_leaves_it(people: PeopleClient, backend: BackendClient) -> None:
    open_ = await play(UsePromoCode(people, backend), tracker(tapped("promo_code", "🏷️ Code promo"), sender="celine"))
    slots = {"shop_question": open_.slots["shop_question"], "cart": slot(CHICKEN)}

    given = tracker(said_by_person("greet", text="bienvenue"), sender="celine", **slots)
    left = await play(AnswerShop(people, backend), tracker(said_by_person("deny", text="non"), **slots))

    assert open_.next_action == "shop_form"
    assert "Code accepté" in (await play(AnswerShop(people, backend), given)).text
    assert left.names == ["utter_shop_left"]
