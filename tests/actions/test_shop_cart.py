"""The cart: lines of one merchant, kept in a slot and read again as they were."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from actions.shop.cart import CART_EMPTY, Cart, CartLine
from actions.turn import Turn
from tests.actions.rasa import said_by_person, tracker
from trade.money import Money
from trade.orders import Line
from trade.places import Place

CHICKEN = CartLine(product_id="poulet-mayo", name="Poulet Mayo")
SPICY = CartLine(product_id="poulet-mayo", name="Poulet Mayo", choices=("piment",), choice_names=("Piment",))
CAKE = CartLine(product_id="gateau-coco", name="Gâteau coco", quantity=2)
WIVINES = ("maman-wivine", "Chez Maman Wivine")

lines = st.builds(
    CartLine,
    product_id=st.sampled_from(["riz", "lait", "eau"]),
    name=st.text(max_size=5),
    quantity=st.integers(1, 99),
    choices=st.sampled_from([(), ("a",), ("a", "b"), ("b", "a")]),
    choice_names=st.just(()),
    shown_price=st.none() | st.builds(Money, amount=st.decimals(0, 9999, places=3), currency=st.just("TND")),
)


def kept(cart: Cart) -> Cart:
    """The cart as the next turn finds it, once over the wire."""
    slot = json.loads(json.dumps(cart.event()["value"]))
    return Cart.of(Turn(CollectingDispatcher(), tracker(said_by_person("show_cart"), cart=slot)))


def test_a_conversation_begins_with_an_empty_cart() -> None:
    cart = Cart.of(Turn(CollectingDispatcher(), tracker(said_by_person("show_cart"))))

    assert cart.is_empty
    assert cart.event() == CART_EMPTY


def test_more_of_the_same_is_one_line_and_other_choices_are_another() -> None:
    cart = Cart().add(CHICKEN, *WIVINES).add(SPICY, *WIVINES).add(CHICKEN, *WIVINES)

    assert [(line.choices, line.quantity) for line in cart.lines] == [((), 2), (("piment",), 1)]
    assert cart.count == 3


def test_a_cart_holds_things_of_one_merchant() -> None:
    cart = Cart().add(CHICKEN, *WIVINES)

    assert not cart.takes_from("palmiers")
    with pytest.raises(ValueError):
        cart.add(CAKE, "palmiers", "Les Palmiers")


def test_quantities_change_and_the_last_line_taken_out_frees_the_cart_for_another_merchant() -> None:
    cart = Cart().add(CHICKEN, *WIVINES).add(SPICY, *WIVINES)

    assert [line.quantity for line in cart.with_quantity(0, 4).lines] == [4, 1]
    assert cart.with_quantity(0, 0).lines == (SPICY,)
    emptied = cart.without(1).without(0)
    assert emptied.is_empty
    assert emptied.takes_from("palmiers")


def test_what_the_backend_is_asked_about_names_no_price() -> None:
    place = Place(address="25 Rue Malanda")
    priced = CartLine(product_id="riz", name="Riz", shown_price=Money(amount=Decimal(5500), currency="XAF"))

    draft = Cart().add(priced, *WIVINES).with_promo("BIENVENUE").draft(place)

    assert draft.lines == (Line(product_id="riz", quantity=1),)
    assert (draft.dropoff, draft.promo_code) == (place, "BIENVENUE")


@given(st.lists(lines, max_size=6), st.none() | st.text(min_size=1, max_size=9))
def test_the_next_turn_finds_the_cart_as_it_was(added: list[CartLine], promo: str | None) -> None:
    cart = Cart().with_promo(promo)
    for line in added:
        cart = cart.add(line, "m", "M")

    assert kept(cart) == cart
    assert cart.count == sum(line.quantity for line in added)
