"""Selling: what a cart costs now, and ordering it, calling it off, bringing it elsewhere."""

import sqlite3
from datetime import datetime
from http import HTTPStatus

from demo.backend.billing import agree, bill, change_amount, check_payment, options
from demo.backend.callers import Caller
from demo.backend.contract.missions import NewDropoff
from demo.backend.contract.orders import NewOrder, Order, OrderQuote, OrderWanted, Seller
from demo.backend.contract.problems import Code
from demo.backend.contract.shop import Merchant
from demo.backend.contract.values import Money, Place
from demo.backend.distances import road
from demo.backend.problems import Refusal
from demo.backend.progress import call_off
from demo.backend.reckoning import Reckoning, reckon
from demo.backend.records import businesses, catalogue, missions, orders
from demo.backend.sending import arrival, todays_code


def quote(database: sqlite3.Connection, asked: Caller, wanted: OrderWanted, now: datetime) -> OrderQuote:
    """What the cart costs now; what stands in the way is told beside the price, all of it at once."""
    reckoning = reckon(database, asked, wanted, now)
    currency, way, merchant = reckoning.business.currency, reckoning.way, reckoning.merchant
    ready_minutes = (merchant.preparation_minutes or 0) if merchant else 0
    return OrderQuote(
        merchant=_seller(merchant) if merchant else None,
        lines=list(reckoning.cart.lines),
        subtotal=Money(amount=reckoning.cart.subtotal, currency=currency),
        discount=Money(amount=reckoning.discount, currency=currency),
        delivery_fee=Money(amount=way.fee, currency=currency) if way else None,
        total=Money(amount=reckoning.total, currency=currency),
        promo_code=reckoning.promo_code,
        expected_at=arrival(now, way.minutes, ready_minutes) if way else None,
        payment_options=options(reckoning.business),
        problems=list(reckoning.obstacles),
    )


def place(database: sqlite3.Connection, asked: Caller, wanted: NewOrder, now: datetime) -> Order:
    """Order the cart at the price the customer agreed to, or refuse for the first obstacle."""
    reckoning = reckon(database, asked, wanted, now)
    if reckoning.obstacles:
        raise Refusal.of(reckoning.obstacles[0])
    agree(wanted.expected_total, reckoning.total, reckoning.business.currency)
    check_payment(database, reckoning.business, wanted.payment)
    code = _write(database, asked, wanted, reckoning, now)
    bill(database, asked, code, reckoning.total, wanted.payment)
    for line in reckoning.cart.lines:
        catalogue.take_stock(database, line.product_id, line.quantity)
    return find(database, asked, code, now)


def cancel(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Order:
    """Call it off, while nobody prepares it; what was reserved is for sale again."""
    order = find(database, asked, code, now)
    if "cancel" not in order.allowed:
        raise Refusal.because(Code.TOO_LATE_TO_CANCEL, f"An order that is {order.status} cannot be cancelled here.")
    call_off(database, str(order.mission_code), now)
    return find(database, asked, code, now)


def change_dropoff(database: sqlite3.Connection, asked: Caller, code: str, wanted: NewDropoff, now: datetime) -> Order:
    """Bring it elsewhere, at the price the customer agreed to."""
    order = find(database, asked, code, now)
    if "change_dropoff" not in order.allowed:
        raise Refusal.because(Code.TOO_LATE_TO_CHANGE, f"An order that is {order.status} keeps its address.")
    business = businesses.one(database, asked.business)
    merchant = catalogue.merchant(database, asked.business, order.merchant.id, now)
    assert merchant is not None  # noqa: S101 - a foreign key says so
    way = road(business.terms, Place(address=merchant.address), wanted.dropoff)
    total = order.subtotal.amount - order.discount.amount + way.fee
    agree(wanted.expected_total, total, business.currency)
    change_amount(database, code, total)
    orders.change_fee(database, code, way.fee)
    missions.move_dropoff(database, str(order.mission_code), wanted.dropoff, None, way)
    return find(database, asked, code, now)


def find(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Order:
    """The customer's order; one of somebody else is as good as none."""
    order = orders.find(database, asked.business, asked.phone, code, now)
    if order is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This customer has no order with that code.")
    return order


def _write(database: sqlite3.Connection, asked: Caller, wanted: NewOrder, reckoning: Reckoning, now: datetime) -> str:
    """The order, and the mission that brings it."""
    business, merchant, way = reckoning.business, reckoning.merchant, reckoning.way
    assert merchant is not None and way is not None  # noqa: S101, PT018 - else there were obstacles
    businesses.know_customer(database, asked.business, asked.phone)
    mission = todays_code(database, business, "missions", "COUR", now)
    missions.write(
        database,
        missions.NewMissionRow(
            code=mission,
            business=asked.business,
            customer_phone=asked.phone,
            created_at=now,
            pickup=Place(address=f"{merchant.name}, {merchant.address}"),
            dropoff=wanted.dropoff,
            recipient_name=wanted.recipient.name if wanted.recipient else None,
            recipient_phone=wanted.recipient.phone if wanted.recipient else asked.phone,
            value=reckoning.cart.subtotal,
            note=wanted.note,
            price=None,
            road=way,
            ready_minutes=merchant.preparation_minutes or 0,
        ),
    )
    code = todays_code(database, business, "orders", "CMD", now)
    orders.write(
        database,
        code=code,
        business=asked.business,
        customer_phone=asked.phone,
        created_at=now,
        mission=mission,
        merchant=merchant.id,
        lines=list(reckoning.cart.lines),
        subtotal=reckoning.cart.subtotal,
        discount=reckoning.discount,
        delivery_fee=way.fee,
        promo_code=reckoning.promo_code,
    )
    return code


def _seller(merchant: Merchant) -> Seller:
    return Seller(id=merchant.id, name=merchant.name, phone=merchant.phone)
