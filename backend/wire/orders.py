"""Carts and orders on the wire."""

from datetime import UTC
from typing import Annotated

from pydantic import AwareDatetime, Field

from backend.wire.missions import Allowed, Score
from backend.wire.payments import PaymentOptionWire, PaymentWire
from backend.wire.values import (
    Body,
    MoneyWire,
    Page,
    PageWire,
    PersonWire,
    PlaceWire,
    ProblemWire,
    Prose,
    Wire,
    Word,
    moment,
    money,
    present,
    read,
    write_place,
)
from trade.orders import Order, OrderDraft, OrderQuote, PricedLine, Seller


class _Seller(Wire):
    id: Word
    name: Word
    phone: Prose | None = None

    def value(self) -> Seller:
        """As ours."""
        return Seller(id=self.id, name=self.name, phone=self.phone)


class _Line(Wire):
    product_id: Word
    name: Word
    quantity: Annotated[int, Field(ge=1)]
    choices: list[Word] = Field(default_factory=list)
    choice_names: list[Prose] = Field(default_factory=list)
    unit_price: MoneyWire
    total: MoneyWire
    note: Prose | None = None

    def value(self) -> PricedLine:
        """As ours."""
        return PricedLine(
            product_id=self.product_id,
            name=self.name,
            quantity=self.quantity,
            choices=tuple(self.choices),
            choice_names=tuple(self.choice_names),
            unit_price=self.unit_price.value(),
            total=self.total.value(),
            note=self.note,
        )


class _Quote(Wire):
    merchant: _Seller | None = None
    lines: list[_Line]
    subtotal: MoneyWire
    discount: MoneyWire
    delivery_fee: MoneyWire | None = None
    total: MoneyWire
    promo_code: Prose | None = None
    expected_at: AwareDatetime | None = None
    payment_options: list[PaymentOptionWire] = Field(default_factory=list)
    problems: list[ProblemWire] = Field(default_factory=list)


class _Order(Wire):
    code: Word
    status: Word
    created_at: AwareDatetime
    customer_phone: Word
    merchant: _Seller
    lines: list[_Line]
    subtotal: MoneyWire
    discount: MoneyWire
    delivery_fee: MoneyWire
    total: MoneyWire
    promo_code: Prose | None = None
    dropoff: PlaceWire
    recipient: PersonWire = PersonWire()
    note: Prose | None = None
    mission_code: Word | None = None
    expected_at: AwareDatetime | None = None
    payment: PaymentWire | None = None
    allowed: Allowed = Field(default_factory=list)
    rating: Score | None = None


class _Orders(PageWire):
    orders: list[_Order]


def read_order_quote(body: bytes) -> OrderQuote:
    """What a cart costs."""
    wire = read(_Quote, body)
    return OrderQuote(
        merchant=wire.merchant.value() if wire.merchant else None,
        lines=tuple(line.value() for line in wire.lines),
        subtotal=wire.subtotal.value(),
        discount=wire.discount.value(),
        delivery_fee=money(wire.delivery_fee),
        total=wire.total.value(),
        promo_code=wire.promo_code,
        expected_at=moment(wire.expected_at),
        payment_options=tuple(option.value() for option in wire.payment_options),
        problems=tuple(problem.value() for problem in wire.problems),
    )


def read_order(body: bytes) -> Order:
    """One order."""
    return _to_order(read(_Order, body))


def read_orders(body: bytes) -> Page[Order]:
    """A page of orders."""
    page = read(_Orders, body)
    return Page(items=tuple(_to_order(each) for each in page.orders), next_cursor=page.next_cursor)


def write_order_draft(draft: OrderDraft) -> Body:
    """A cart for the backend."""
    lines = [
        {"product_id": line.product_id, "quantity": line.quantity, "choices": list(line.choices)}
        | present({"note": line.note})
        for line in draft.lines
    ]
    dropoff = write_place(draft.dropoff) if draft.dropoff else None
    return present({"lines": lines, "dropoff": dropoff, "promo_code": draft.promo_code})


def _to_order(wire: _Order) -> Order:
    return Order(
        code=wire.code,
        status=wire.status,
        created_at=wire.created_at.astimezone(UTC),
        customer_phone=wire.customer_phone,
        merchant=wire.merchant.value(),
        lines=tuple(line.value() for line in wire.lines),
        subtotal=wire.subtotal.value(),
        discount=wire.discount.value(),
        delivery_fee=wire.delivery_fee.value(),
        total=wire.total.value(),
        promo_code=wire.promo_code,
        dropoff=wire.dropoff.value(),
        recipient_name=wire.recipient.name,
        recipient_phone=wire.recipient.phone,
        note=wire.note,
        mission_code=wire.mission_code,
        expected_at=moment(wire.expected_at),
        payment=wire.payment.value() if wire.payment else None,
        allowed=frozenset(wire.allowed),
        rating=wire.rating,
    )
