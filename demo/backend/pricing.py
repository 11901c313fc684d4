"""What a cart costs and what is wrong with it: values in, values out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from demo.backend.contract.orders import Line, PricedLine
from demo.backend.contract.problems import Code, Obstacle
from demo.backend.contract.shop import Choice, Product
from demo.backend.contract.values import Money
from demo.backend.terms import PromoCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """Priced lines, and what is wrong with them."""

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    obstacles: tuple[Obstacle, ...]


def price_cart(lines: Sequence[Line], shelf: Mapping[str, Product], currency: str) -> Cart:
    """Price every line whose product exists; tell what is gone, short, or chosen wrongly."""
    priced = tuple(_priced(line, shelf[line.product_id]) for line in lines if line.product_id in shelf)
    return Cart(
        lines=priced,
        subtotal=sum((line.total.amount for line in priced), Decimal(0)),
        obstacles=(*_gone(lines, shelf), *_short(lines, shelf), *_chosen_wrongly(lines, shelf)),
    )


def discount(promo: PromoCode, subtotal: Decimal, currency: str) -> Decimal:
    """What a promo code takes off: never more than the lines cost."""
    exponent = Decimal(1).scaleb(-get_currency_precision(currency))
    percentage = (subtotal * promo.percent / 100).quantize(exponent, ROUND_HALF_UP)
    return min(percentage + promo.amount, subtotal)


def promo_obstacle(
    promo: PromoCode | None, subtotal: Decimal, currency: str, merchant_id: str | None, uses: int, now: datetime
) -> Obstacle | None:
    """Why a promo code does not count, or None if it does."""
    if promo is None:
        return Obstacle(code=Code.PROMO_UNKNOWN, detail="There is no such promo code.")
    if promo.ends_at is not None and now >= promo.ends_at:
        return Obstacle(code=Code.PROMO_EXPIRED, detail="The promo code has ended.")
    if promo.per_customer is not None and uses >= promo.per_customer:
        return Obstacle(code=Code.PROMO_USED, detail="This customer has used the promo code.")
    if promo.merchant not in (None, merchant_id):
        return Obstacle(code=Code.PROMO_NOT_APPLICABLE, detail="The promo code is for another merchant.")
    if subtotal < promo.minimum:
        return Obstacle(
            code=Code.PROMO_NOT_APPLICABLE,
            detail="The promo code is for larger orders.",
            minimum=Money(amount=promo.minimum, currency=currency),
        )
    return None


def _priced(line: Line, product: Product) -> PricedLine:
    taken = [choice for choice in _choices(product).values() if choice.id in line.choices]
    unit = product.price.amount + sum((choice.extra.amount for choice in taken if choice.extra), Decimal(0))
    currency = product.price.currency
    return PricedLine(
        product_id=product.id,
        name=product.name,
        quantity=line.quantity,
        choices=[choice.id for choice in taken],
        choice_names=[choice.name for choice in taken],
        unit_price=Money(amount=unit, currency=currency),
        total=Money(amount=unit * line.quantity, currency=currency),
        note=line.note,
    )


def _choices(product: Product) -> dict[str, Choice]:
    return {choice.id: choice for option in product.options for choice in option.choices}


def _gone(lines: Sequence[Line], shelf: Mapping[str, Product]) -> list[Obstacle]:
    gone = dict.fromkeys(line.product_id for line in lines if line.product_id not in shelf)
    return [Obstacle(code=Code.PRODUCT_GONE, detail="It is not sold here.", product_id=each) for each in gone]


def _short(lines: Sequence[Line], shelf: Mapping[str, Product]) -> list[Obstacle]:
    """A product may stand in several lines, with other choices in each."""
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[line.product_id] += line.quantity
    return [
        Obstacle(code=Code.OUT_OF_STOCK, detail=f"There are {stock} left.", product_id=each, in_stock=stock)
        for each, quantity in wanted.items()
        if each in shelf and (stock := _stock(shelf[each])) is not None and stock < quantity
    ]


def _stock(product: Product) -> int | None:
    return product.in_stock if product.available else 0


def _chosen_wrongly(lines: Sequence[Line], shelf: Mapping[str, Product]) -> list[Obstacle]:
    wrong = dict.fromkeys(
        line.product_id for line in lines if line.product_id in shelf and not _is_choice(line, shelf[line.product_id])
    )
    return [
        Obstacle(code=Code.CHOICES_WRONG, detail="See the options of the product.", product_id=each) for each in wrong
    ]


def _is_choice(line: Line, product: Product) -> bool:
    known = _choices(product)
    if len(set(line.choices)) < len(line.choices) or not all(each in known for each in line.choices):
        return False
    if not all(known[each].available for each in line.choices):
        return False
    taken = [sum(choice.id in line.choices for choice in option.choices) for option in product.options]
    return all(option.at_least <= count <= option.at_most for option, count in zip(product.options, taken, strict=True))
