"""A cart that was filled in WhatsApp's catalogue: its lines, at the backend's prices of now."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from rasa_sdk.events import SlotSet

from actions.answers import note_answer
from actions.checkout.quoting import MAX_PRODUCT_SHOWN, Priced, in_the_way, priced, told
from actions.people import Person
from actions.shop.cart import MAX_LINES, MAX_QUANTITY, Cart, CartLine
from actions.spoken import CustomerAction
from actions.turn import Event, Row, Turn
from actions.words import compose
from backend import Customer, NotFound
from channels.whatsapp.limits import MAX_INTERACTIVE_BODY, MAX_ROW_TITLE, length
from trade.markup import plain, shorten
from trade.money import Money, format_money
from trade.orders import PricedLine
from trade.products import Product

MAX_UNKNOWN_SHOWN = 5  # ids of things that the backend does not sell
MAX_ID_SHOWN = 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """So many of something, as the phone saw it."""

    product_id: str
    quantity: int
    price: Money | None = None  # of one, as WhatsApp showed it

    @classmethod
    def read(cls, said: str) -> "Item":
        """As the services write it into the entity."""
        item = json.loads(said)
        try:
            price = Money(amount=Decimal(item["price"]), currency=item["currency"])
        except (InvalidOperation, ValueError):
            price = None  # no price that could be compared
        return cls(product_id=item["id"], quantity=item["quantity"], price=price)


@dataclass(slots=True, kw_only=True)
class Sorted:
    """What came, by what can be done with it."""

    by_merchant: dict[str | None, list[tuple[Item, Product]]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    to_choose: list[Product] = field(default_factory=list)  # without a choice that has to be made


class TakeCart(CustomerAction):
    """Makes a cart of what was sent, tells what it really costs, and offers to order it."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_cart"

    async def answer(self, turn: Turn) -> list[Event]:
        """One merchant's things at a time; what cannot be ordered is named."""
        items = [Item.read(said) for said in turn.entities("catalogue_item")]
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        found = await self._sorted(customer, items)
        if found.unknown:
            shown = [shorten(plain(each), MAX_ID_SHOWN) for each in found.unknown[:MAX_UNKNOWN_SHOWN]]
            turn.say_text(compose("checkout_unknown", turn.language, ids=shown))
        for product in found.to_choose:
            name = shorten(plain(product.name), MAX_PRODUCT_SHOWN)
            turn.say("utter_cart_choose_first", product=name, product_id=product.id)
        note = turn.entity("catalogue_note")
        noted = [SlotSet("checkout_note", note_answer(note))] if note else []
        match list(found.by_merchant.values()):
            case []:
                if not found.to_choose:
                    turn.say("utter_cart_unknown")
                return []
            case [wanted]:
                return [*noted, *await self._take(turn, customer, person, wanted)]
            case several:
                turn.say("utter_cart_which_merchant", buttons=[_row(turn.language, each) for each in several])
                return noted

    def again(self, turn: Turn) -> str:
        """The same things."""
        return _payload(turn.entities("catalogue_item"))

    async def _sorted(self, customer: Customer, items: list[Item]) -> Sorted:
        found = Sorted()
        products = await asyncio.gather(*(self._product(customer, item.product_id) for item in items))
        for item, product in zip(items, products, strict=True):
            if product is None:
                found.unknown.append(item.product_id)
            elif any(option.at_least > 0 for option in product.options):
                found.to_choose.append(product)
            else:
                found.by_merchant.setdefault(product.merchant_id, []).append((item, product))
        return found

    async def _product(self, customer: Customer, product_id: str) -> Product | None:
        try:
            return await self.backend.product(customer, product_id)
        except (NotFound, ValueError):  # no id that a backend could have
            return None

    async def _take(
        self, turn: Turn, customer: Customer, person: Person, wanted: list[tuple[Item, Product]]
    ) -> list[Event]:
        before, cart = Cart.of(turn), _cart(wanted)
        found = await priced(self.backend, customer, cart.with_promo(before.promo_code), None)
        found = replace(found, cart=_with_prices(found))
        if (stopped := in_the_way(turn, person, found)) is not None:
            return [*stopped, found.cart.event()]
        shown = {item.product_id: item.price for item, _ in wanted}
        replaced = 0 if before.draft().lines == found.cart.draft().lines else before.count
        turn.say("utter_cart_taken", text=_text(turn.language, found, shown, replaced))
        return [found.cart.event()]


def _cart(wanted: Iterable[tuple[Item, Product]]) -> Cart:
    cart = Cart()
    for item, product in list(wanted)[:MAX_LINES]:
        line = CartLine(product_id=product.id, name=product.name, quantity=min(item.quantity, MAX_QUANTITY))
        cart = cart.add(line, product.merchant_id, product.merchant)
    return cart


def _with_prices(found: Priced) -> Cart:
    """The cart as it is shown now."""
    prices = {line.product_id: line.unit_price for line in found.quote.lines}
    lines = (replace(line, shown_price=prices.get(line.product_id)) for line in found.cart.lines)
    return replace(found.cart, lines=tuple(lines))


def _text(language: str, found: Priced, shown: dict[str, Money | None], replaced: int) -> str:
    """With as many lines of the cart as fit into one message."""
    lines = [_line(line, shown.get(line.product_id), language) for line in found.quote.lines]
    for count in range(len(lines), 0, -1):
        text = compose(
            "checkout_cart",
            language,
            changes=told(found.changes, language) if found.changes else "",
            merchant=shorten(plain(found.cart.merchant or ""), MAX_PRODUCT_SHOWN),
            lines=lines[:count],
            left_out=len(lines) - count,
            is_repriced=any(line["before"] for line in lines),
            subtotal=format_money(found.quote.subtotal, language),
            replaced=replaced,
        )
        if length(text) <= MAX_INTERACTIVE_BODY:
            break
    return shorten(text, MAX_INTERACTIVE_BODY)


def _line(line: PricedLine, shown: Money | None, language: str) -> dict[str, str | int]:
    is_other = shown is not None and shown.currency == line.unit_price.currency and shown != line.unit_price
    return {
        "quantity": line.quantity,
        "name": shorten(plain(line.name), MAX_PRODUCT_SHOWN),
        "total": format_money(line.total, language),
        "unit": format_money(line.unit_price, language),
        "before": format_money(shown, language) if shown and is_other else "",
    }


def _row(language: str, wanted: list[tuple[Item, Product]]) -> Row:
    _, first = wanted[0]
    said = tuple(_written(item) for item, _ in wanted)
    return {
        "title": shorten(plain(first.merchant or first.name), MAX_ROW_TITLE),
        "description": compose("checkout_things", language, count=sum(item.quantity for item, _ in wanted)),
        "payload": _payload(said),
    }


def _written(item: Item) -> str:
    price = {"price": str(item.price.amount), "currency": item.price.currency} if item.price else {}
    return json.dumps({"id": item.product_id, "quantity": item.quantity, "price": "", "currency": "", **price})


def _payload(items: tuple[str, ...]) -> str:
    return f"/send_cart{json.dumps({'catalogue_item': list(items)}, ensure_ascii=False)}"
