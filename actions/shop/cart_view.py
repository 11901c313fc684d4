"""The cart as the backend prices it now: lines, total, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.questions import put
from actions.shop.cart import Cart, CartLine
from actions.shop.opening import opens
from actions.shop.visit import Visit
from actions.turn import Event, payload
from actions.words import compose
from trade.markup import plain, shorten
from trade.money import Money, format_money
from trade.orders import OrderQuote, PricedLine
from trade.problems import Problem, ProblemCode

MAX_NAME = 50  # characters
MAX_CHOICES = 60
MAX_NOTE_SHOWN = 60
MAX_SHOWN = 8  # lines and problems; with the rest they stay under WhatsApp's 1 024 characters

PROMO_PROBLEMS = frozenset(
    {
        ProblemCode.PROMO_UNKNOWN,
        ProblemCode.PROMO_EXPIRED,
        ProblemCode.PROMO_USED,
        ProblemCode.PROMO_NOT_APPLICABLE,
    }
)


async def show_cart(visit: Visit, cart: Cart, news: str = "") -> list[Event]:
    """Say what is in it under the `news`, and keep it with the prices that were shown."""
    if cart.is_empty:
        visit.turn.say("utter_cart_empty")
        return [cart.event()]
    quote = await visit.backend.quote_order(visit.customer, cart.draft())
    text = compose("shop_cart", visit.language, news=news, **_said(visit, cart, quote))
    blocking = [problem for problem in quote.problems if problem.code not in PROMO_PROBLEMS]
    others = {"merchant_id": cart.merchant_id} if cart.merchant_id else {}
    response = "utter_cart_blocked" if blocking else "utter_cart"
    visit.turn.say(response, text=text, others=payload("browse_products", **others))
    # A yes to what can be ordered orders it.
    return [_as_shown(cart, quote).event(), *([] if blocking else [put(visit.turn, "cart")])]


def promo_problem(quote: OrderQuote) -> Problem | None:
    """Why the promo code does not count."""
    return next((problem for problem in quote.problems if problem.code in PROMO_PROBLEMS), None)


def promo_words(visit: Visit, code: str, problem: Problem) -> str:
    """The same as a sentence."""
    minimum = format_money(problem.minimum, visit.language) if problem.minimum else ""
    return compose("shop_promo", visit.language, code=plain(code), problem=problem.code, minimum=minimum)


def _said(visit: Visit, cart: Cart, quote: OrderQuote) -> dict[str, Any]:
    language = visit.language
    return {
        "merchant": shorten(plain((quote.merchant.name if quote.merchant else cart.merchant) or ""), MAX_NAME),
        "lines": [_line(line, language) for line in quote.lines[:MAX_SHOWN]],
        "more": max(len(quote.lines) - MAX_SHOWN, 0),
        "subtotal": format_money(quote.subtotal, language),
        "discount": format_money(quote.discount, language) if quote.discount.amount else "",
        "promo_code": plain(quote.promo_code or ""),
        "total": format_money(quote.total, language),
        "note": shorten(plain(cart.note), MAX_NOTE_SHOWN),
        "changes": _changes(cart, quote, language),
        "problems": [_problem(visit, cart, problem) for problem in quote.problems[:MAX_SHOWN]],
    }


def _line(line: PricedLine, language: str) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "name": shorten(plain(line.name), MAX_NAME),
        "choices": shorten(", ".join(plain(name) for name in line.choice_names), MAX_CHOICES),
        "note": shorten(plain(line.note or ""), MAX_NOTE_SHOWN),
        "total": format_money(line.total, language),
    }


def _problem(visit: Visit, cart: Cart, problem: Problem) -> dict[str, Any]:
    """What a template needs to word it."""
    names = (line.name for line in cart.lines if line.product_id == problem.product_id)
    return {
        "code": problem.code,
        "name": shorten(plain(next(names, "")), MAX_NAME),
        "in_stock": problem.in_stock or 0,
        "opens": opens(problem.opens_at, visit.person.timezone, visit.language, visit.now),
        "minimum": format_money(problem.minimum, visit.language) if problem.minimum else "",
        "promo": promo_words(visit, cart.promo_code or "", problem) if problem.code in PROMO_PROBLEMS else "",
    }


def _changes(cart: Cart, quote: OrderQuote, language: str) -> list[dict[str, str]]:
    """What costs something else than when the person last saw it."""
    return [
        {
            "name": shorten(plain(line.name), MAX_NAME),
            "before": format_money(line.shown_price, language),
            "now": format_money(price, language),
        }
        for line in cart.lines
        if line.shown_price and (price := _price(line, quote.lines)) and price != line.shown_price
    ]


def _price(line: CartLine, priced: Sequence[PricedLine]) -> Money | None:
    return next((each.unit_price for each in priced if _is_of(each, line)), None)


def _is_of(priced: PricedLine, line: CartLine) -> bool:
    return (priced.product_id, sorted(priced.choices)) == (line.product_id, sorted(line.choices))


def _as_shown(cart: Cart, quote: OrderQuote) -> Cart:
    """With the prices that the person now knows, and without a promo code that does not count."""
    lines = tuple(replace(line, shown_price=_price(line, quote.lines) or line.shown_price) for line in cart.lines)
    return replace(cart, lines=lines, promo_code=None if promo_problem(quote) else cart.promo_code)
