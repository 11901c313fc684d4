"""Ordering: what is named goes into the cart, and what is unclear is asked."""

from typing import Any

import pytest
from rasa_sdk import Action

from actions.people import PeopleClient
from actions.shop import AnswerShop, AskShopQuestion, LeaveShop, OrderProduct
from backend import BackendClient
from tests.actions.rasa import Played, play, said_by_person, tapped, tracker
from tests.actions.shops import BREAD, CHICKEN, in_cart, slot
from tests.backend.fake_backend import Backend, as_json

FORM = "shop_form"


@pytest.fixture
def order(people: PeopleClient, backend: BackendClient) -> OrderProduct:
    return OrderProduct(people, backend)


async def said(action: Action, text: str, **facts: Any) -> Played:
    return await play(action, tracker(said_by_person("order_product", text=text), sender="celine", **facts))


async def answered(
    people: PeopleClient, backend: BackendClient, played: Played, message: dict[str, Any], **facts: Any
) -> Played:
    """What follows when the question that `played` left open is answered by the message."""
    slots = {name: value for name, value in played.slots.items() if name != "requested_slot"} | facts
    return await play(AnswerShop(people, backend), tracker(message, sender="celine", **slots))


async def question(people: PeopleClient, backend: BackendClient, played: Played, **facts: Any) -> Played:
    """The question that `played` left open, in words."""
    slots = {name: value for name, value in played.slots.items() if name != "requested_slot"} | facts
    nothing = said_by_person("order_product")
    return await play(AskShopQuestion(people, backend), tracker(nothing, sender="celine", form=FORM, **slots))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("je veux 2 poulets mayo", [("poulet-mayo", 2, [])]),
        ("deux poulets mayo et une chikwangue", [("poulet-mayo", 2, []), ("chikwangue", 1, [])]),
        ("3 beignets 1 ngoki svp", [("beignets-haricots", 3, []), ("ngoki-braise", 1, [])]),
        ("un poulet mayo avec du riz", [("poulet-mayo", 1, ["riz"])]),
        ("poulé mayo x4", [("poulet-mayo", 4, [])]),
        ("une douzaine de chikwangue", [("chikwangue", 12, [])]),
    ],
)
async def test_what_is_named_with_its_number_goes_into_the_cart(
    order: OrderProduct, text: str, lines: list[tuple[str, int, list[str]]]
) -> None:
    played = await said(order, text)

    assert in_cart(played.slots) == lines
    assert played.names == ["utter_cart"]


async def test_an_english_word_finds_what_is_on_a_french_shelf(order: OrderProduct) -> None:
    played = await said(order, "two bottles of water please", language="en")

    assert in_cart(played.slots) == [("eau-pack", 2, [])]
    assert "*Total: 5,400\u00a0FCFA*, without delivery" in played.text
    assert "⚠️ Orders start at" not in played.text


async def test_without_a_number_it_is_asked_how_many_and_the_answer_counts(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    open_ = await said(order, "je veux commander des chikwangues")
    asked = await question(people, backend, open_)
    more = said_by_person("nlu_fallback", text="trois, et deux poulets mayo")
    done = await answered(people, backend, open_, said_by_person("nlu_fallback", text="trois svp"))

    assert open_.next_action == FORM
    assert asked.names == ["utter_ask_quantity"]
    assert asked.titles == ["1", "2", "3"]
    assert in_cart(done.slots) == [("chikwangue", 3, [])]
    assert in_cart((await answered(people, backend, open_, more)).slots)[0] == ("chikwangue", 3, [])


@pytest.mark.parametrize(
    ("text", "name", "buttons"),
    [
        ("500 poulets mayo", "utter_at_most", ["Annuler", "En prendre 99"]),
        ("3 ngoki braisé", "utter_only_so_many", ["Annuler", "En prendre 1"]),
    ],
)
async def test_more_than_there_is_or_can_be_is_asked_again_with_what_there_is(
    order: OrderProduct, people: PeopleClient, backend: BackendClient, text: str, name: str, buttons: list[str]
) -> None:
    open_ = await said(order, text)
    asked = await question(people, backend, open_)

    assert in_cart(open_.slots) == []
    assert asked.names == [name]
    assert asked.titles == buttons


async def test_none_of_something_adds_nothing(order: OrderProduct) -> None:
    played = await said(order, "0 poulet mayo")

    assert played.names == ["utter_none_added"]
    assert "cart" not in played.slots


@pytest.mark.parametrize(("text", "name"), [("2 lessives en poudre", "Lessive"), ("un jus de bissap", "Jus de bissap")])
async def test_what_is_sold_out_is_said(order: OrderProduct, text: str, name: str) -> None:
    played = await said(order, text)

    assert played.names == ["utter_product_sold_out"]
    assert name in played.text


async def test_what_is_not_found_is_said_beside_what_was_added(order: OrderProduct) -> None:
    played = await said(order, "un poulet mayo et deux trottinettes")

    assert played.names == ["utter_one_not_found", "utter_cart"]
    assert "« trottinettes »" in played.text


async def test_where_several_may_be_meant_one_chooses_and_the_number_stays(order: OrderProduct) -> None:
    played = await said(order, "deux jus")

    assert played.names == ["utter_which_product"]
    assert played.titles == ["Jus de gingembre", "Jus de bissap"]
    assert '"quantity": "2"' in played.payloads[0]


async def test_of_several_that_of_the_merchant_in_the_cart_is_meant(order: OrderProduct) -> None:
    played = await said(order, "et deux poissons", cart=slot(CHICKEN))

    assert played.names == ["utter_which_product"]
    assert played.titles == ["Saka-saka au poisson fu…", "Liboké de poisson"]


async def test_a_choice_that_must_be_made_is_asked_for_and_may_be_written(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    open_ = await said(order, "un poisson braisé")
    asked = await question(people, backend, open_)
    done = await answered(people, backend, open_, said_by_person("order_product", text="le grand"))

    assert "Taille" in asked.text
    assert asked.titles[0].startswith("Moyen")
    assert in_cart(done.slots) == [("poisson-braise", 1, ["grand"])]
    assert "8\u00a0000\u00a0FCFA" in done.text


async def test_the_button_of_a_card_asks_about_every_option_and_each_may_be_passed_over(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    first = await play(order, tracker(tapped("order_product", product_id="poulet-mayo"), sender="celine"))
    sides = await question(people, backend, first)
    second = await answered(people, backend, first, tapped("order_product", product_id="poulet-mayo", choice="riz"))
    sauces = await question(people, backend, second)
    third = await answered(people, backend, second, said_by_person("deny", text="non"))

    assert sides.titles[-1] == "Sans"
    assert "Pili-pili de la maison" not in sauces.titles
    assert in_cart(third.slots) == [("poulet-mayo", 1, ["riz"])]


async def test_an_order_comes_from_one_merchant_so_the_other_cart_is_kept_or_emptied(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    cart = slot(CHICKEN)
    open_ = await said(order, "2 paracétamol", cart=cart)
    asked = await question(people, backend, open_)
    kept = await answered(people, backend, open_, said_by_person("deny", text="non"))
    emptied = await answered(people, backend, open_, said_by_person("affirm", text="oui"))

    assert asked.titles == ["Oui, vider", "Garder mon panier"]
    assert "Chez Maman Wivine" in asked.text
    assert in_cart(kept.slots) == [("poulet-mayo", 2, [])]
    assert in_cart(emptied.slots) == [("paracetamol", 2, [])]


async def test_the_other_cart_is_kept_until_something_takes_its_place(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    cart = slot(CHICKEN)
    open_ = await said(order, "je veux du paracétamol", cart=cart)
    how_many = await answered(people, backend, open_, said_by_person("affirm", text="oui"))
    left = await answered(people, backend, how_many, said_by_person("deny", text="non"))

    assert how_many.slots["shop_question"]["kind"] == "quantity"
    assert in_cart(how_many.slots) == [("poulet-mayo", 2, [])]
    assert "cart" not in left.slots


@pytest.mark.parametrize(
    ("text", "line"),
    [("je prends le deuxième", ("saka-saka", 1, [])), ("the last one please", ("chikwangue", 1, []))],
)
async def test_one_of_several_may_be_pointed_at(
    order: OrderProduct, text: str, line: tuple[str, int, list[str]]
) -> None:
    played = await said(order, text, shown_products=["liboke-poisson", "saka-saka", "chikwangue"])

    assert in_cart(played.slots) == [line]


async def test_of_several_alike_the_one_on_the_screen_is_meant(order: OrderProduct) -> None:
    played = await said(order, "je prends un braisé", shown_products=["poisson-braise", "saka-saka"])

    assert played.slots["shop_wanted"][0]["product_id"] == "poisson-braise"


async def test_a_correction_is_how_many_there_are_to_be(order: OrderProduct) -> None:
    played = await said(order, "finalement un seul poulet", cart=slot(CHICKEN))

    assert in_cart(played.slots) == [("poulet-mayo", 1, [])]


async def test_a_name_alone_shows_the_product(order: OrderProduct) -> None:
    played = await said(order, "du paracétamol svp")

    assert played.names == ["utter_product"]


async def test_i_take_two_means_the_product_on_the_screen(order: OrderProduct) -> None:
    played = await said(order, "j'en prends deux", shown_product="chikwangue")

    assert in_cart(played.slots) == [("chikwangue", 2, [])]


async def test_nothing_named_and_nothing_on_the_screen_leads_into_the_shop(order: OrderProduct) -> None:
    played = await said(order, "je veux commander")

    assert played.names == ["utter_order_what", "utter_categories"]


async def test_a_late_button_of_a_product_that_is_gone_says_so(order: OrderProduct) -> None:
    played = await play(order, tracker(tapped("order_product", product_id="gone", quantity="2")))

    assert played.names == ["utter_product_gone"]


async def test_two_answers_that_are_none_bring_the_team(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    open_ = await said(order, "je veux des chikwangues")
    once = await answered(people, backend, open_, said_by_person("nlu_fallback", text="euh"))
    twice = await answered(people, backend, once, said_by_person("nlu_fallback", text="je sais pas trop"))
    asked = await question(people, backend, twice)

    assert once.next_action == twice.next_action == FORM
    assert asked.names == ["utter_shop_stuck", "utter_ask_quantity"]


async def test_another_product_instead_of_an_answer_begins_anew(
    order: OrderProduct, people: PeopleClient, backend: BackendClient
) -> None:
    open_ = await said(order, "je veux des chikwangues")

    played = await answered(people, backend, open_, said_by_person("order_product", text="plutôt 2 saka-saka"))

    assert in_cart(played.slots) == [("saka-saka", 2, [])]


async def test_leaving_the_question_keeps_the_cart(people: PeopleClient) -> None:
    played = await play(
        LeaveShop(), tracker(said_by_person("cancel"), cart=slot(BREAD), shop_question={"kind": "promo"})
    )

    assert played.names == ["utter_shop_left"]
    assert played.slots["shop_question"] is None
    assert "cart" not in played.slots


async def test_after_an_outage_the_button_orders_the_same(people: PeopleClient) -> None:
    order = OrderProduct(people, Backend(as_json({}, 500)).client())

    played = await play(order, tracker(tapped("order_product", product_id="chikwangue", quantity="2")))

    assert played.payloads[0] == '/order_product{"product_id": "chikwangue", "quantity": "2"}'
