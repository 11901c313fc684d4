"""Promo codes: in the message, or asked for; the backend says what they are worth."""

import re

from actions.shop.acting import ShopAction
from actions.shop.cart_view import promo_problem, promo_words, show_cart
from actions.shop.visit import Visit
from actions.shop.wanted import PROMO, ask, settled
from actions.turn import Event, Turn, payload
from actions.words import compose
from trade.markup import plain
from trade.money import format_money

MAX_CODE = 40  # characters
_CAPITALS = re.compile(r"(?<!\w)(?=\w*[A-Z])[A-Z0-9][A-Z0-9_-]{2,39}(?!\w)")
_WITH_DIGITS = re.compile(r"(?<!\w)(?=\w*\d)(?=\w*[^\W\d_])[^\W_][\w-]{2,39}(?!\w)")
_NAMED = re.compile(
    r"(?:code(?: promo)?(?: c'?est| est| is|:)|c'?est|with|avec) +([^\W_][\w-]{2,39})\W*$", re.IGNORECASE
)
_WHOLE = re.compile(r"\W*([^\W_][\w-]{2,39})\W*")
_NO_CODE = {"SVP", "STP", "PROMO", "CODE", "CODES", "COUPON", "OK", "MERCI", "NON", "OUI", "YES", "PLEASE", "THE"}
_TAKING_AWAY = re.compile(r"(?<!\w)(?:enleve|enlève|retire|supprime|remove|sans|without)(?!\w)", re.IGNORECASE)


class UsePromoCode(ShopAction):
    """Puts the code into the cart, or says why it does not count."""

    def name(self) -> str:
        """As in the domain."""
        return "action_promo_code"

    async def answer(self, turn: Turn) -> list[Event]:
        """Without a code in the message, ask for it."""
        visit = await Visit.of(self, turn)
        if not turn.is_tapped and visit.cart.promo_code and _TAKING_AWAY.search(turn.text):
            return [*settled(turn), *await show_cart(visit, visit.cart.with_promo(None))]
        code = None if turn.is_tapped else read_code(turn.text)
        if code is None:
            return ask({"kind": PROMO})
        return [*settled(turn), *await use_code(visit, code)]

    def again(self, turn: Turn) -> str:
        """The question for the code."""
        return payload("promo_code")


async def use_code(visit: Visit, code: str) -> list[Event]:
    """In an empty cart it waits for what it is to count for."""
    cart = visit.cart.with_promo(code)
    if cart.is_empty:
        visit.turn.say("utter_promo_kept", code=plain(code))
        return [cart.event()]
    quote = await visit.backend.quote_order(visit.customer, cart.draft())
    problem = promo_problem(quote)
    if problem is not None:
        return await show_cart(visit, visit.cart, "⚠️ " + promo_words(visit, code, problem))
    discount = format_money(quote.discount, visit.language)
    return await show_cart(visit, cart, compose("shop_promo_taken", visit.language, discount=discount))


def read_code(text: str, *, is_asked: bool = False) -> str | None:
    """The code in a message: in capitals, with digits, or named as one; where it was asked for, any single word."""
    found = [match[0] for match in (*_CAPITALS.finditer(text), *_WITH_DIGITS.finditer(text))]
    if named := _NAMED.search(text):
        found.append(named[1])
    if is_asked and (whole := _WHOLE.fullmatch(text)):
        found.append(whole[1])
    codes = [code for code in found if code.upper() not in _NO_CODE]
    return codes[0].upper() if codes else None
