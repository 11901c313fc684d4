"""Whatever is in a cart, its price adds up."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.backend.contract.orders import Line
from demo.backend.contract.problems import Code
from demo.backend.contract.shop import Choice, Option, Product
from demo.backend.contract.values import Money
from demo.backend.pricing import discount, price_cart, promo_obstacle
from demo.backend.terms import PromoCode

NOW = datetime(2025, 1, 27, 11, tzinfo=UTC)
CURRENCIES = st.sampled_from(["XAF", "TND", "EUR"])
AMOUNTS = st.decimals(0, 100_000, places=3, allow_nan=False)
PROMOS = st.builds(
    PromoCode, code=st.just("X"), percent=st.integers(0, 100), amount=AMOUNTS, minimum=AMOUNTS
)  # fmt: skip


@st.composite
def _shelves(draw: st.DrawFn) -> dict[str, Product]:
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6))
    return {name: draw(_products(name)) for name in names}


@st.composite
def _products(draw: st.DrawFn, name: str) -> Product:
    money = AMOUNTS.map(lambda amount: Money(amount=amount, currency="XAF"))
    choices = [
        Choice(id=each, name=each, extra=draw(st.none() | money), available=draw(st.booleans())) for each in "xyz"
    ]
    at_least = draw(st.integers(0, 2))
    return Product(
        id=name,
        name=name,
        price=draw(money),
        available=draw(st.booleans()),
        in_stock=draw(st.none() | st.integers(0, 20)),
        options=[Option(id="o", name="o", at_least=at_least, at_most=at_least + 1, choices=choices)],
    )


LINES = st.lists(
    st.builds(
        Line,
        product_id=st.sampled_from("abcdefgh"),
        quantity=st.integers(1, 99),
        choices=st.lists(st.sampled_from("xyzw"), max_size=4),
    ),
    max_size=20,
)


@pytest.mark.slow
@given(LINES, _shelves())
def test_the_lines_add_up_and_nothing_is_forgotten(lines: list[Line], shelf: dict[str, Product]) -> None:
    cart = price_cart(lines, shelf, "XAF")

    gone = {each.product_id for each in cart.obstacles if each.code == Code.PRODUCT_GONE}
    assert gone == {line.product_id for line in lines} - set(shelf)
    assert [line.product_id for line in cart.lines] == [line.product_id for line in lines if line.product_id in shelf]
    assert cart.subtotal == sum(line.total.amount for line in cart.lines)
    for line in cart.lines:
        assert line.total.amount == line.unit_price.amount * line.quantity
        assert line.unit_price.amount >= shelf[line.product_id].price.amount


@pytest.mark.slow
@given(LINES, _shelves())
def test_a_cart_without_obstacles_can_be_served(lines: list[Line], shelf: dict[str, Product]) -> None:
    cart = price_cart(lines, shelf, "XAF")

    if cart.obstacles:
        return
    for product in shelf.values():
        wanted = [line for line in lines if line.product_id == product.id]
        assert not wanted or product.available
        assert product.in_stock is None or sum(line.quantity for line in wanted) <= product.in_stock
        option = product.options[0]
        assert all(option.at_least <= len(set(line.choices)) <= option.at_most for line in wanted)
        assert all(choice.available for line in wanted for choice in option.choices if choice.id in line.choices)


@given(PROMOS, AMOUNTS, CURRENCIES)
def test_a_discount_never_makes_a_cart_cost_less_than_nothing(
    promo: PromoCode, subtotal: Decimal, currency: str
) -> None:
    off = discount(promo, subtotal, currency)

    assert 0 <= off <= subtotal


@given(PROMOS, AMOUNTS)
def test_a_promo_code_counts_from_its_minimum_on(promo: PromoCode, subtotal: Decimal) -> None:
    obstacle = promo_obstacle(promo, subtotal, "XAF", None, 0, NOW)

    assert (obstacle is None) == (subtotal >= promo.minimum)


def test_a_percentage_is_rounded_as_the_currency_is() -> None:
    promo = PromoCode(code="X", percent=15)

    assert discount(promo, Decimal(2501), "XAF") == Decimal(375)
    assert discount(promo, Decimal("24.201"), "TND") == Decimal("3.630")
