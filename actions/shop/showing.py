"""The cart on the screen: seeing it, changing a quantity, taking something out, emptying it."""

import re

from rasa_sdk.events import FollowupAction

from actions.questions import put, put_before
from actions.shop.acting import ShopAction
from actions.shop.cart import MAX_QUANTITY, Cart
from actions.shop.cart_view import show_cart
from actions.shop.matching import bare, covers, translated
from actions.shop.visit import Visit
from actions.shop.wanted import LINE, ask, settled
from actions.shop.wishes import Wish, read_wishes
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.money import format_money

ROW_QUANTITIES = (1, 2, 3, 4, 5, 6, 8, 10)
MAX_NAME = 60  # characters

EMPTYING = "empty_cart"  # the topic of the question whether one is sure
_EMPTYING = re.compile(r"(?<!\w)(?:vide[rz]?|efface[rz]?|empty|clear|recommence|starting over)(?!\w)")
REMOVING = re.compile(
    r"(?<!\w)(?:enleve[rz]?|retire[rz]?|supprime[rz]?|ote[rz]?|remove|delete|take .*out|veux plus"
    r"|don.?t want|no longer want)(?!\w)"
)
_CART = re.compile(r"(?<!\w)(?:paniers?|cart|carts|basket|bag|selection|choisi|chosen|picked)(?!\w)")
_INSTEAD = re.compile(r"(?:au lieu de|plut[oô]t que|instead of).*")
_CHANGING = re.compile(r"(?<!\w)(?:modifie[rz]?|change[rz]?|corrige[rz]?|edit|change|correct)(?!\w)")
_ALL_THE_SAME = {"the", "last", "dernier", "derniere", "veux", "lieu"}


class ShowCart(ShopAction):
    """Shows the cart, or changes it as the message or the button says."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_cart"

    async def answer(self, turn: Turn) -> list[Event]:
        """Whatever question of the shop was open is over."""
        visit = await Visit.of(self, turn)
        if _orders_something(visit):
            return [*settled(turn), FollowupAction("action_order_product")]
        if visit.cart.is_empty:
            turn.say("utter_cart_empty")
            return settled(turn)
        if turn.intent == "affirm":
            return [*settled(turn), *await self._empty(visit, is_sure=put_before(turn).get("topic") == EMPTYING)]
        return [*settled(turn), *(await self._tapped(visit) if turn.is_tapped else await self._written(visit))]

    def again(self, turn: Turn) -> str:
        """The cart as it is."""
        return payload("show_cart")

    async def _tapped(self, visit: Visit) -> list[Event]:
        turn, cart = visit.turn, visit.cart
        if turn.entity("cart_change") == "empty":
            return await self._empty(visit, is_sure=turn.entity("confirmed") is not None)
        if turn.entity("cart_change") == "edit":
            turn.say("utter_cart_edit", buttons=_rows(visit, cart))
            return []
        name = turn.entity("cart_line")
        if name is None:
            return await show_cart(visit, cart)
        place = place_of(cart, name)
        if place is None:
            turn.say("utter_cart_line_gone")
            return await show_cart(visit, cart)
        quantity = turn.entity("quantity")
        if quantity is not None and quantity.isdigit():
            return await show_cart(visit, cart.with_quantity(place, min(int(quantity), MAX_QUANTITY)))
        return ask({"kind": LINE, "line": name})

    async def _written(self, visit: Visit) -> list[Event]:
        """ "enlève le poulet", "mets 3 poulets au lieu de 2", "vide mon panier"; anything else shows it."""
        cart, said = visit.cart, bare(visit.turn.text)
        wishes = tuple(wish for wish in read_wishes(_INSTEAD.sub("", visit.turn.text.lower())) if wish.words)
        meant = [(wish, place) for wish in wishes if (place := line_named(cart, wish)) is not None]
        if meant:
            wish, place = meant[0]
            if REMOVING.search(said):
                return await show_cart(visit, cart.with_quantity(place, _left(cart, place, wish)))
            if wish.note:  # "le poulet sans oignons"
                return [FollowupAction("action_order_product")]
            if wish.quantity is not None:
                return await show_cart(visit, cart.with_quantity(place, min(wish.quantity, MAX_QUANTITY)))
            return ask({"kind": LINE, "line": line_name(cart, place)})
        if _EMPTYING.search(said):
            return await self._empty(visit, is_sure=False)
        if REMOVING.search(said) or _CHANGING.search(said):
            visit.turn.say("utter_cart_edit", buttons=_rows(visit, cart))
            return []
        return await show_cart(visit, cart)

    async def _empty(self, visit: Visit, *, is_sure: bool) -> list[Event]:
        if not is_sure:
            visit.turn.say("utter_empty_cart_sure", count=str(visit.cart.count))
            return [put(visit.turn, EMPTYING)]
        visit.turn.say("utter_cart_emptied")
        return [Cart().event()]


def _orders_something(visit: Visit) -> bool:
    """ "2 chikwangues svp" is taken for the cart, and names something that is not in it."""
    turn, said = visit.turn, bare(visit.turn.text)
    if turn.is_tapped or _CART.search(said) or REMOVING.search(said) or _CHANGING.search(said):
        return False
    wishes = tuple(wish for wish in read_wishes(turn.text) if wish.words)
    return bool(wishes) and all(line_named(visit.cart, wish) is None for wish in wishes)


def place_of(cart: Cart, name: str) -> int | None:
    """Where the line stands that a button or a question names; None where it is gone."""
    return next((place for place in range(len(cart.lines)) if line_name(cart, place) == name), None)


def line_name(cart: Cart, place: int) -> str:
    """What buttons and questions call a line: by what it is, so that a late tap changes no other."""
    line = cart.lines[place]
    return ":".join([line.product_id, *sorted(line.choices), *([line.note] if line.note else [])])


def quantity_rows(visit: Visit, cart: Cart, place: int) -> list[Row]:
    """How many of a line, and none."""
    name = line_name(cart, place)
    rows = [
        {"title": str(count), "payload": payload("show_cart", cart_line=name, quantity=str(count))}
        for count in ROW_QUANTITIES
    ]
    title = compose("shop_row", visit.language, row="remove")
    return [*rows, {"title": title, "payload": payload("show_cart", cart_line=name, quantity="0")}]


def _rows(visit: Visit, cart: Cart) -> list[Row]:
    rows = [_row(visit, cart, place) for place in range(len(cart.lines))]
    promo = {"title": compose("shop_row", visit.language, row="promo"), "payload": payload("promo_code")}
    empty = {
        "title": compose("shop_row", visit.language, row="empty"),
        "payload": payload("show_cart", cart_change="empty"),
    }
    return [*rows, promo, empty]


def _row(visit: Visit, cart: Cart, place: int) -> Row:
    line = cart.lines[place]
    price = [format_money(line.shown_price, visit.language)] if line.shown_price else []
    about = " · ".join([*price, *(plain(each) for each in (*line.choice_names, line.note) if each)])
    row = {
        "title": shorten(f"{line.quantity} × {plain(line.name)}", MAX_ROW_TITLE),
        "payload": payload("show_cart", cart_line=line_name(cart, place)),
    }
    return row | ({"description": shorten(about, MAX_ROW_DESCRIPTION)} if about else {})


def line_named(cart: Cart, wish: Wish) -> int | None:
    """The line that some of the words name; the last of several alike."""
    said = [words for words in (wish.words, translated(wish.words)) if words]
    words = {word for each in said for word in each.split() if bare(word) not in _ALL_THE_SAME}
    places = [place for place, line in enumerate(cart.lines) if any(covers(word, line.name) for word in words)]
    whole = [place for place in places if any(covers(each, cart.lines[place].name) for each in said)]
    return next(iter(reversed(whole or places)), None)


def _left(cart: Cart, place: int, wish: Wish) -> int:
    """ "Enlève un poulet" takes one away, "enlève le poulet" all."""
    return max(cart.lines[place].quantity - wish.quantity, 0) if wish.quantity else 0
