"""Orders: what a person wants of a merchant, what it costs now, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trade.money import Money
from trade.payments import Payment, PaymentOption
from trade.places import Place
from trade.problems import Problem


class OrderStatus(StrEnum):
    """Where an order stands. Backends may know more: `Order.status` is any string."""

    PLACED = "placed"
    PREPARING = "preparing"
    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A product in a cart: no price, since prices are the backend's."""

    product_id: str
    quantity: int = 1
    choices: tuple[str, ...] = ()  # ids of the choices taken
    note: str | None = None  # how it is to be: "sans piment"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """A cart: all that decides its price."""

    lines: tuple[Line, ...]
    dropoff: Place | None = None  # None while nobody has asked
    promo_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with what it costs, choices included."""

    product_id: str
    name: str
    quantity: int
    unit_price: Money
    total: Money
    choices: tuple[str, ...] = ()
    choice_names: tuple[str, ...] = ()
    note: str | None = None

    @property
    def line(self) -> Line:
        """The same without prices: what to ask for when it is ordered again."""
        return Line(product_id=self.product_id, quantity=self.quantity, choices=self.choices, note=self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """The merchant of an order."""

    id: str
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuote:
    """What a cart costs now, and what stands in the way of ordering it."""

    lines: tuple[PricedLine, ...]
    subtotal: Money
    discount: Money
    total: Money
    delivery_fee: Money | None = None  # None while nobody knows where it goes; then the total is without it
    merchant: Seller | None = None
    promo_code: str | None = None  # the code that counts
    expected_at: datetime | None = None
    payment_options: tuple[PaymentOption, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something a person ordered, as they may see it."""

    code: str
    status: str
    created_at: datetime
    customer_phone: str  # E.164; whose order it is
    lines: tuple[PricedLine, ...]
    subtotal: Money
    discount: Money
    delivery_fee: Money
    total: Money
    merchant: Seller
    dropoff: Place
    recipient_name: str | None = None
    recipient_phone: str | None = None
    promo_code: str | None = None
    note: str | None = None
    mission_code: str | None = None  # the delivery that brings it
    expected_at: datetime | None = None
    payment: Payment | None = None
    allowed: frozenset[str] = frozenset()  # what may be done now: `Allowed`
    rating: int | None = None

    @property
    def draft(self) -> OrderDraft:
        """The same cart to the same place: what to ask for when it is ordered again. A promo code is not repeated."""
        return OrderDraft(lines=tuple(line.line for line in self.lines), dropoff=self.dropoff)

    @property
    def known_status(self) -> OrderStatus | None:
        """The status as one of ours, or None when the backend speaks of another."""
        return OrderStatus(self.status) if self.status in OrderStatus else None
