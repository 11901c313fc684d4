"""The cart, as the conversation holds it: what is wanted of one merchant. It knows prices only as they were shown."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from rasa_sdk.events import SlotSet

from actions.turn import Event, Turn
from trade.markup import shorten
from trade.money import Money
from trade.orders import Line, OrderDraft
from trade.places import Place

# As in docs/backend.md; the note of a line in characters.
MAX_QUANTITY, MAX_LINES, MAX_NOTE = 99, 50, 200

SLOT = "cart"
CART_EMPTY: Event = SlotSet(SLOT, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """So many of a product, with the choices taken."""

    product_id: str
    name: str
    quantity: int = 1
    choices: tuple[str, ...] = ()  # ids
    choice_names: tuple[str, ...] = ()
    note: str = ""  # how it is to be: "sans piment"
    shown_price: Money | None = None  # what one cost, choices included, when the person last saw it

    def is_same(self, other: Self) -> bool:
        """Whether it differs in nothing but the quantity."""
        mine, others = (self.product_id, sorted(self.choices)), (other.product_id, sorted(other.choices))
        return mine == others and self.note == other.note

    def noted(self, note: str) -> Self:
        """With this beside what was noted before."""
        return replace(self, note=both(self.note, note))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """Lines of one merchant; empty where nothing was put into it."""

    merchant_id: str | None = None  # None where it is empty, or where the backend names no merchants
    merchant: str | None = None
    lines: tuple[CartLine, ...] = ()
    promo_code: str | None = None
    note: str = ""  # how all of it is to be

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """The one of this conversation."""
        slot = turn.slot(SLOT)
        if not slot:
            return cls()
        return cls(
            merchant_id=slot["merchant_id"],
            merchant=slot["merchant"],
            lines=tuple(_read(line) for line in slot["lines"]),
            promo_code=slot["promo_code"],
            note=slot.get("note", ""),  # carts that were kept before there were notes have none
        )

    @property
    def is_empty(self) -> bool:
        """Nothing is in it; a promo code alone buys nothing."""
        return not self.lines

    @property
    def count(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    def takes_from(self, merchant_id: str | None) -> bool:
        """Whether something of this merchant may be put beside what is there."""
        return self.is_empty or self.merchant_id == merchant_id

    def add(self, line: CartLine, merchant_id: str | None, merchant: str | None) -> Self:
        """With this line, or with more of the same. What is of another merchant makes another cart."""
        if not self.takes_from(merchant_id):
            raise ValueError("a cart holds things of one merchant")
        place = next((place for place, each in enumerate(self.lines) if each.is_same(line)), len(self.lines))
        more = sum(each.quantity for each in self.lines[place : place + 1])
        merged = replace(line, quantity=line.quantity + more)
        lines = (*self.lines[:place], merged, *self.lines[place + 1 :])
        return replace(self, merchant_id=merchant_id, merchant=merchant, lines=lines)

    def with_quantity(self, place: int, quantity: int) -> Self:
        """So many of the line at this place (from 0); none takes it out, and the last one takes the merchant along."""
        if quantity <= 0:
            return self.without(place)
        changed = replace(self.lines[place], quantity=quantity)
        return replace(self, lines=(*self.lines[:place], changed, *self.lines[place + 1 :]))

    def without(self, place: int) -> Self:
        """Without the line at this place (from 0)."""
        lines = (*self.lines[:place], *self.lines[place + 1 :])
        if lines:
            return replace(self, lines=lines)
        return replace(self, lines=(), merchant_id=None, merchant=None, note="")

    def noted(self, note: str, place: int | None = None) -> Self:
        """With a note on the line at this place (from 0), else on the only line, else on all of it."""
        if place is None and len(self.lines) != 1:
            return replace(self, note=both(self.note, note))
        place = place or 0
        return replace(self, lines=(*self.lines[:place], self.lines[place].noted(note), *self.lines[place + 1 :]))

    def without_notes(self) -> Self:
        """With nothing to tell the merchant."""
        return replace(self, note="", lines=tuple(replace(line, note="") for line in self.lines))

    def with_promo(self, code: str | None) -> Self:
        """With this promo code instead of the one before; None takes it away."""
        return replace(self, promo_code=code)

    def draft(self, dropoff: Place | None = None) -> OrderDraft:
        """What to ask the backend about."""
        lines = tuple(
            Line(product_id=line.product_id, quantity=line.quantity, choices=line.choices, note=line.note or None)
            for line in self.lines
        )
        return OrderDraft(lines=lines, dropoff=dropoff, promo_code=self.promo_code)

    def event(self) -> Event:
        """Keeps it in the conversation."""
        if self.is_empty and self.promo_code is None:
            return CART_EMPTY
        slot = {
            "merchant_id": self.merchant_id,
            "merchant": self.merchant,
            "lines": [_written(line) for line in self.lines],
            "promo_code": self.promo_code,
            "note": self.note,
        }
        return SlotSet(SLOT, slot)  # type: ignore[no-any-return]


def both(before: str, note: str) -> str:
    """Two notes as one, without saying anything twice."""
    parts = {part.casefold(): part for part in (*before.split(", "), *note.split(", ")) if part}
    return shorten(", ".join(parts.values()), MAX_NOTE)


def _written(line: CartLine) -> dict[str, Any]:
    price = line.shown_price
    return {
        "product_id": line.product_id,
        "name": line.name,
        "quantity": line.quantity,
        "choices": list(line.choices),
        "choice_names": list(line.choice_names),
        "note": line.note,
        "shown_price": price and {"amount": str(price.amount), "currency": price.currency},
    }


def _read(slot: dict[str, Any]) -> CartLine:
    price = slot.get("shown_price")
    return CartLine(
        product_id=slot["product_id"],
        name=slot["name"],
        quantity=slot["quantity"],
        choices=tuple(slot["choices"]),
        choice_names=tuple(slot["choice_names"]),
        note=slot.get("note", ""),
        shown_price=price and Money(amount=Decimal(price["amount"]), currency=price["currency"]),
    )
