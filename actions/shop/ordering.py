"""Ordering something: what was tapped, what the message names, or the product on the screen."""

import re
from collections.abc import Sequence

from actions.shop.acting import ShopAction
from actions.shop.browsing import search, show_overview
from actions.shop.cart import MAX_NOTE, MAX_QUANTITY, Cart
from actions.shop.cart_view import show_cart
from actions.shop.filling import fill
from actions.shop.knowing import only_looks
from actions.shop.matching import bare, category_of, covers, merchant_named, the_one, translated
from actions.shop.noting import news, noted
from actions.shop.showing import line_named
from actions.shop.visit import Found, Visit, searched
from actions.shop.wanted import Wanted, all_wanted, settled
from actions.shop.wishes import Wish, read_note, read_place, read_wishes
from actions.turn import Event, Row, Turn, payload
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.money import format_money
from trade.products import Product

MAX_OFFERED = 9
_CORRECTING = re.compile(r"(?<!\w)(?:finalement|plutot|au lieu|seulement|un seul|instead|only|make it|just)(?!\w)")
SEVERAL = 10 * MAX_QUANTITY  # more than that is no quantity that anybody means


class OrderProduct(ShopAction):
    """Puts things into the cart, or finds out what is meant."""

    def name(self) -> str:
        """As in the domain."""
        return "action_order_product"

    async def answer(self, turn: Turn) -> list[Event]:
        """Whatever question of the shop was open is settled by it, or asked anew."""
        visit = await Visit.of(self, turn)
        return [*settled(turn), *await order(visit)]

    def again(self, turn: Turn) -> str:
        """The same product; else the shop."""
        product_id, quantity = turn.entity("product_id"), turn.entity("quantity")
        if product_id is None:
            return payload("browse_products")
        return payload("order_product", product_id=product_id, **({"quantity": quantity} if quantity else {}))


async def order(visit: Visit) -> list[Event]:
    """Order what this turn asks for."""
    turn = visit.turn
    if turn.entity("product_id"):
        return await fill(visit, _tapped(turn))
    wishes = () if turn.is_tapped else read_wishes(turn.text)
    named = tuple(wish for wish in wishes if wish.words)
    if (noted_cart := noted(visit, named)) is not None:
        return await show_cart(visit, noted_cart[0], news(visit, noted_cart[1]))
    if named and all(wish.quantity is None for wish in named) and only_looks(turn.text):
        return await search(visit, named)
    if named:
        return await order_named(visit, named)
    shown = _pointed_at(turn) or turn.slot("shown_product")
    note = "" if turn.is_tapped else read_note(turn.text)
    if note and any(shown in (None, line.product_id) for line in visit.cart.lines):
        return await show_cart(visit, visit.cart.noted(note), news(visit, note))
    if shown and not turn.is_tapped:
        quantity = wishes[0].quantity if wishes else 1
        return await fill(visit, (Wanted(product_id=shown, quantity=quantity, every_option=True, note=note),))
    turn.say("utter_order_what")
    return await show_overview(visit)


def _pointed_at(turn: Turn) -> str | None:
    """ "Le deuxième" of those that were shown side by side."""
    shown, place = turn.slot("shown_products") or [], read_place(turn.text)
    return str(shown[place]) if place is not None and -len(shown) <= place < len(shown) else None


async def order_named(visit: Visit, wishes: Sequence[Wish]) -> list[Event]:
    """Order what is named; ask which where several may be meant, and say what was not found."""
    if (corrected := _corrected(visit, wishes)) is not None:
        return await show_cart(visit, corrected)
    if await _asks_for_a_shop(visit, wishes):
        return await search(visit, wishes)
    wanted: list[Wanted] = []
    unclear: list[tuple[Wish, tuple[Product, ...]]] = []
    for wish in wishes:
        found = await _found(visit, wish)
        product = the_one(found.words, found.products)
        if product is not None:
            wanted.append(_wanted(wish, product))
        elif found.products or found.near:
            unclear.append((wish, found.products or found.near))
        else:
            _not_found(visit, wish, alone=len(wishes) == 1)
    events = await fill(visit, wanted) if wanted else []
    if unclear:
        _ask_which(visit, *unclear[0])
    return events


def _corrected(visit: Visit, wishes: Sequence[Wish]) -> Cart | None:
    """ "Finalement un seul poulet" is how many there are to be, and not one more."""
    cart, said = visit.cart, bare(visit.turn.text)
    if len(wishes) > 1 or wishes[0].quantity is None or not _CORRECTING.search(said):
        return None
    place = line_named(cart, wishes[0])
    return None if place is None else cart.with_quantity(place, min(wishes[0].quantity, MAX_QUANTITY))


async def find_wanted(visit: Visit, wishes: Sequence[Wish]) -> list[Wanted]:
    """The products that are clearly meant; the others are said not to have been found."""
    wanted = []
    for wish in wishes:
        found = await _found(visit, wish) if wish.words else None
        product = the_one(found.words, found.products) if found else None
        if product is not None:
            wanted.append(_wanted(wish, product))
        elif found:
            _not_found(visit, wish, alone=False)
    return wanted


async def _found(visit: Visit, wish: Wish) -> Found:
    """Of several alike, those of the merchant whose things are in the cart or on the screen."""
    return await visit.find(wish, visit.cart.merchant_id or visit.turn.slot("shown_merchant"))


async def _asks_for_a_shop(visit: Visit, wishes: Sequence[Wish]) -> bool:
    """ "Je veux manger" and "commander chez Maman Wivine" name no product."""
    words = " ".join(wish.words for wish in wishes)
    if len(wishes) > 1 or wishes[0].quantity not in (None, 1):
        return False
    if category_of(words, await visit.categories()):
        return True
    return merchant_named(words, await visit.merchants(words)) is not None


def _tapped(turn: Turn) -> tuple[Wanted, ...]:
    """The product of the button; what else was on its way behind it stays there."""
    product_id, count = str(turn.entity("product_id")), turn.entity("quantity")
    under_way = all_wanted(turn)
    if not under_way or under_way[0].product_id != product_id:
        under_way = (Wanted(product_id=product_id, every_option=not count),)
    first = under_way[0]
    if count and count.isdigit():
        first = _with(first, quantity=int(count))
    if choice := turn.entity("choice"):
        first = _with(first, choices=(*first.choices, choice))
    if option := turn.entity("option"):
        first = _with(first, passed=(*first.passed, option))
    if turn.entity("replace_cart"):
        first = _with(first, may_replace=True)
    return (first, *under_way[1:])


def _with(wanted: Wanted, **changed: object) -> Wanted:
    return Wanted.read(wanted.slot() | changed)


def _wanted(wish: Wish, product: Product) -> Wanted:
    """A number that belongs to the name, as in "pack de 6", counts nothing."""
    quantity = min(wish.quantity, SEVERAL) if wish.quantity is not None else None
    extras = [words for words in (wish.extras, translated(wish.extras)) if words]
    choices = [
        choice.id
        for option in product.options
        for choice in option.choices
        if choice.available and any(covers(words, choice.name) or covers(choice.name, words) for words in extras)
    ]
    note = "" if wish.note and covers(wish.note, product.name) else shorten(wish.note, MAX_NOTE)
    return Wanted(product_id=product.id, quantity=quantity, choices=tuple(choices[:1]), note=note)


def _ask_which(visit: Visit, wish: Wish, products: Sequence[Product]) -> None:
    count = {"quantity": str(wish.quantity)} if wish.quantity is not None else {}
    rows = [_row(visit, product, count) for product in products[:MAX_OFFERED]]
    visit.turn.say("utter_which_product", words=searched(wish.words), buttons=rows)


def _row(visit: Visit, product: Product, count: dict[str, str]) -> Row:
    price = format_money(product.price, visit.language)
    about = " · ".join([price, *([plain(product.merchant)] if product.merchant else [])])
    return {
        "title": shorten(plain(product.name), MAX_ROW_TITLE),
        "description": shorten(about, MAX_ROW_DESCRIPTION),
        "payload": payload("order_product", product_id=product.id, **count),
    }


def _not_found(visit: Visit, wish: Wish, *, alone: bool) -> None:
    visit.turn.say("utter_product_not_found" if alone else "utter_one_not_found", words=searched(wish.words))
