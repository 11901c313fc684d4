"""Orders: what a cart costs now, and what became of it once it was ordered."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from demo.backend.contract.missions import Allowed
from demo.backend.contract.payments import Payment, PaymentOption, PaymentWanted
from demo.backend.contract.problems import Obstacle
from demo.backend.contract.values import (
    Cursor,
    Id,
    Money,
    Part,
    Person,
    PersonWanted,
    Phone,
    Place,
    PlaceWanted,
    Words,
)

MOST_LINES = 50
MOST_OF_ONE = 99

Preparation = Annotated[str, Field(max_length=200, examples=["sans piment"])]


class Line(Part):
    """A product in a cart. It carries no price: prices are yours."""

    product_id: Id
    """Which product."""
    quantity: Annotated[int, Field(ge=1, le=MOST_OF_ONE)] = 1
    """How many."""
    choices: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    """The ids of the choices taken."""
    note: Preparation | None = None
    """How it is to be, in the customer's words. For the merchant; it changes no price."""


class OrderWanted(Part):
    """A cart: all that decides its price."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]
    """In the order they were put in."""
    dropoff: PlaceWanted | None = None
    """Where it goes, once that is known."""
    promo_code: Annotated[str | None, Field(max_length=40, examples=["BIENVENUE"])] = None
    """As it was typed; case does not count."""


class PricedLine(Part):
    """A line with what it costs."""

    product_id: Id
    """Which product."""
    name: str
    """What customers call it."""
    quantity: int
    """How many."""
    choices: list[str] = Field(default_factory=list)
    """The ids of the choices taken."""
    choice_names: list[str] = Field(default_factory=list)
    """What customers call them."""
    unit_price: Money
    """For one, choices included."""
    total: Money
    """For all of them."""
    note: str | None = None
    """How it is to be, as it came."""


class Seller(Part):
    """The merchant of an order."""

    id: Id
    """As in /v1/merchants."""
    name: str
    """What customers call it."""
    phone: str | None = None
    """E.164; goes into a contact card."""


class OrderQuote(Part):
    """What a cart costs now, and what stands in the way of ordering it."""

    merchant: Seller | None = None
    """Who sells it."""
    lines: list[PricedLine]
    """Those lines that can be priced."""
    subtotal: Money
    """The lines together."""
    discount: Money
    """What the promo code takes off."""
    delivery_fee: Money | None = None
    """Null while it is not known where it goes; then the total is without it."""
    total: Money
    """What is to be paid."""
    promo_code: str | None = None
    """The promo code, if it counts."""
    expected_at: AwareDatetime | None = None
    """When it would arrive if it were ordered now."""
    payment_options: list[PaymentOption] = Field(default_factory=list)
    """How it can be paid."""
    problems: list[Obstacle] = Field(default_factory=list)
    """Why it could not be ordered like this; empty when it can."""


class NewOrder(OrderWanted):
    """A cart to be ordered, at a price the customer agreed to."""

    dropoff: PlaceWanted
    """Where it goes."""
    recipient: PersonWanted | None = None
    """Who receives it, where that is not the customer."""
    note: Words | None = None
    """For the merchant and the courier."""
    payment: PaymentWanted
    """How it is paid."""
    expected_total: Money
    """What the customer was told. If it costs anything else now, answer price_changed."""


class Order(Part):
    """Something a customer ordered, as they may see it."""

    code: Annotated[Id, Field(examples=["CMD-20250127-012"])]
    """What customers call it. Unique among missions and orders of the business."""
    status: Annotated[str, Field(min_length=1, max_length=200, examples=["preparing"])]
    """placed, preparing, on_the_way, delivered or cancelled; others are shown as they are."""
    created_at: AwareDatetime
    """When it was ordered."""
    customer_phone: Phone
    """Whose order it is; must be the `Relais-Customer` of the call."""
    merchant: Seller
    """Who sells it."""
    lines: list[PricedLine]
    """What was ordered, at the prices of then."""
    subtotal: Money
    """The lines together."""
    discount: Money
    """What the promo code took off."""
    delivery_fee: Money
    """What bringing it costs."""
    total: Money
    """What is to be paid."""
    promo_code: str | None = None
    """The promo code that counted."""
    dropoff: Place
    """Where it goes."""
    recipient: Person = Person()
    """Who receives it."""
    note: str | None = None
    """What the customer wrote."""
    mission_code: Id | None = None
    """The mission that brings it: its timeline is asked for by this code."""
    expected_at: AwareDatetime | None = None
    """When it should arrive, as of now; absent when it is over."""
    payment: Payment | None = None
    """How it is paid."""
    allowed: Allowed = Field(default_factory=list)
    """What may be done now: cancel, change_dropoff, pay, rate, claim."""
    rating: Annotated[int | None, Field(ge=1, le=5)] = None
    """What the customer thought of it."""


class Orders(Part):
    """Orders of one customer."""

    orders: list[Order]
    """Newest first."""
    next_cursor: Cursor = None
    """Ask with it as `cursor` for what follows; null at the end."""
