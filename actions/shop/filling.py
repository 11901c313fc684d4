"""Putting things into the cart, one after the other, until a question stands in the way."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.shop.cards import is_sold_out
from actions.shop.cart import MAX_LINES, MAX_QUANTITY, Cart, CartLine
from actions.shop.cart_view import show_cart
from actions.shop.visit import Visit
from actions.shop.wanted import OPTION, QUANTITY, REPLACE, Wanted, ask
from actions.turn import Event, payload
from trade.markup import plain
from trade.products import Choice, Option, Product

Question = dict[str, Any]


async def fill(visit: Visit, wanted: Sequence[Wanted], cart: Cart | None = None) -> list[Event]:
    """Add what can be added; ask about the first thing that is unclear; show the cart when nothing is."""
    cart = visit.cart if cart is None else cart
    before = cart
    for place, each in enumerate(wanted):
        product = await visit.product(each.product_id)
        if product is None:
            visit.turn.say("utter_product_gone")
        elif is_sold_out(product):
            others = payload("browse_products", **({"merchant_id": product.merchant_id} if product.merchant_id else {}))
            visit.turn.say("utter_product_sold_out", product=plain(product.name), others=others)
        elif each.quantity == 0:
            visit.turn.say("utter_none_added", product=plain(product.name))
        elif len(cart.lines) >= MAX_LINES:
            visit.turn.say("utter_cart_full")
        else:
            fitting = cart if cart.takes_from(product.merchant_id) else Cart() if each.may_replace else None
            question = {"kind": REPLACE} if fitting is None else _question(product, each, fitting)
            if fitting is None or question:
                return [cart.event(), *ask(question or {}, (each, *wanted[place + 1 :]))]
            cart = fitting.add(_line(product, each), product.merchant_id, product.merchant)
    return await show_cart(visit, cart) if cart != before else []


def open_option(product: Product, wanted: Wanted) -> Option | None:
    """The next option to ask about."""
    for option in product.options:
        taken = sum(choice.id in wanted.choices for choice in option.choices)
        if taken < option.at_least:
            return option
        can_choose = option.id not in wanted.passed and taken < option.at_most
        if wanted.every_option and can_choose and len(_left(option, wanted)) > 0:
            return option
    return None


def _question(product: Product, wanted: Wanted, cart: Cart) -> Question | None:
    option = open_option(product, wanted)
    if option is not None:
        return {"kind": OPTION, "option": option.id}
    if wanted.quantity is None:
        return {"kind": QUANTITY}
    there = sum(line.quantity for line in cart.lines if line.product_id == product.id)
    most = MAX_QUANTITY - there
    if product.in_stock is not None and product.in_stock - there < most:
        most = product.in_stock - there
    return {"kind": QUANTITY, "most": max(most, 0)} if wanted.quantity > most else None


def _left(option: Option, wanted: Wanted) -> tuple[Choice, ...]:
    return tuple(choice for choice in option.choices if choice.available and choice.id not in wanted.choices)


def _line(product: Product, wanted: Wanted) -> CartLine:
    known = {choice.id: choice for option in product.options for choice in option.choices}
    taken = tuple(known[each] for each in wanted.choices if each in known)
    amount = product.price.amount + sum(choice.extra.amount for choice in taken if choice.extra)
    return CartLine(
        product_id=product.id,
        name=product.name,
        quantity=wanted.quantity or 1,
        choices=tuple(choice.id for choice in taken),
        choice_names=tuple(choice.name for choice in taken),
        note=wanted.note,
        shown_price=replace(product.price, amount=amount),
    )
