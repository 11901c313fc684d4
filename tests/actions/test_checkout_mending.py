"""What stands in the way of an order: put right where that is possible, and told."""

from decimal import Decimal
from typing import Any

import pytest

from actions.checkout.mending import Change, mend, place_problem, stopping
from actions.shop.cart import Cart, CartLine
from trade.money import Money
from trade.orders import OrderQuote
from trade.problems import Problem

NOTHING = Money(amount=Decimal(0), currency="XAF")
CART = Cart(
    merchant_id="maman-wivine",
    merchant="Chez Maman Wivine",
    lines=(
        CartLine(product_id="poulet-mayo", name="Poulet Mayo", quantity=3, choices=("riz",)),
        CartLine(product_id="chikwangue", name="Chikwangue", quantity=1),
        CartLine(product_id="poulet-mayo", name="Poulet Mayo", quantity=2),
    ),
    promo_code="BIENVENUE",
)


def quote(*problems: Problem) -> OrderQuote:
    return OrderQuote(lines=(), subtotal=NOTHING, discount=NOTHING, total=NOTHING, problems=problems)


def problem(code: str, **more: Any) -> Problem:
    return Problem(code=code, **more)


@pytest.mark.parametrize(
    ("in_stock", "left", "kind"), [(4, [3, 1, 1], "fewer"), (2, [2, 1], "fewer"), (0, [1], "gone"), (None, [1], "gone")]
)
def test_of_what_is_short_as_much_is_kept_as_there_is(in_stock: int | None, left: list[int], kind: str) -> None:
    mended, changes = mend(CART, quote(problem("out_of_stock", product_id="poulet-mayo", in_stock=in_stock)))

    assert [line.quantity for line in mended.lines] == left
    assert [(change.kind, change.name) for change in changes] == [(kind, "Poulet Mayo")]


def test_what_is_gone_is_taken_out_and_the_last_one_takes_the_merchant_along() -> None:
    gone = [problem("product_gone", product_id="poulet-mayo"), problem("product_gone", product_id="chikwangue")]

    mended, changes = mend(CART, quote(*gone))

    assert mended == Cart(promo_code="BIENVENUE")
    assert [change.kind for change in changes] == ["gone", "gone"]


@pytest.mark.parametrize("code", ["promo_unknown", "promo_expired", "promo_used", "promo_not_applicable"])
def test_a_promo_code_that_does_not_count_is_taken_away_and_told(code: str) -> None:
    mended, changes = mend(CART, quote(problem(code)))

    assert mended == CART.with_promo(None)
    assert changes == (Change(kind=code, name="BIENVENUE"),)


@pytest.mark.parametrize("code", ["merchant_closed", "below_minimum", "address_unclear", "tomorrows_problem"])
def test_what_is_the_persons_to_decide_changes_no_cart(code: str) -> None:
    assert mend(CART, quote(problem(code))) == (CART, ())


def test_of_several_obstacles_the_worst_is_told() -> None:
    found = quote(problem("below_minimum"), problem("choices_wrong"), problem("merchant_closed"))

    assert getattr(stopping(found), "code", None) == "merchant_closed"
    assert stopping(quote(problem("address_unclear"))) is None


@pytest.mark.parametrize(("code", "said"), [("address_unclear", "unclear"), ("outside_area", "outside")])
def test_an_address_that_will_not_do_is_asked_for_again(code: str, said: str) -> None:
    assert place_problem(quote(problem("below_minimum"), problem(code))) == said
    assert place_problem(quote(problem("below_minimum"))) is None
