"""Orders as their customers see them."""

import sqlite3
from datetime import datetime
from decimal import Decimal

from pydantic import TypeAdapter

from demo.backend.contract.orders import Order, Orders, PricedLine, Seller
from demo.backend.contract.values import Money
from demo.backend.permissions import allowed_for_order
from demo.backend.records import catalogue, missions, pages, payments
from demo.backend.store import insert, to_moment, to_text
from demo.backend.terms import PromoCode

_ORDERS = """
    SELECT orders.*, businesses.currency, merchants.name AS merchant_name, merchants.phone AS merchant_phone,
           ratings.score
      FROM orders
      JOIN businesses ON businesses.slug = orders.business
      JOIN merchants ON merchants.id = orders.merchant
      LEFT JOIN ratings ON ratings.about = orders.code
"""
_OF_CUSTOMER = "WHERE orders.business = ? AND orders.customer_phone = ?"
_LINES = TypeAdapter(list[PricedLine])

#: What the mission's status means for who ordered; others are shown as they are.
STATUSES = {
    "pending": "placed",
    "accepted": "preparing",
    "pickup_arrived": "preparing",
    "in_transit": "on_the_way",
}


def find(database: sqlite3.Connection, business: str, phone: str, code: str, now: datetime) -> Order | None:
    """One order of one customer."""
    row = database.execute(f"{_ORDERS} {_OF_CUSTOMER} AND orders.code = ?", (business, phone, code)).fetchone()
    return _order(database, row, now) if row else None


def newest(
    database: sqlite3.Connection, business: str, phone: str, now: datetime, limit: int, cursor: str | None = None
) -> Orders:
    """A page of the orders of one customer."""
    before = ("9", "") if cursor is None else tuple(pages.place_of(cursor, 2))
    rows = database.execute(
        f"{_ORDERS} {_OF_CUSTOMER} AND (orders.created_at, orders.code) < (?, ?) "
        "ORDER BY orders.created_at DESC, orders.code DESC LIMIT ?",
        (business, phone, *before, limit + 1),
    ).fetchall()
    shown, following = pages.page(rows, limit, lambda row: pages.cursor_of(row["created_at"], row["code"]))
    return Orders(orders=[_order(database, row, now) for row in shown], next_cursor=following)


def every(database: sqlite3.Connection, business: str, now: datetime) -> list[Order]:
    """Every order of a business, whoever's it is: for the page of the business, never for customers."""
    rows = database.execute(f"{_ORDERS} WHERE orders.business = ?", (business,)).fetchall()
    return [_order(database, row, now) for row in rows]


def write(
    database: sqlite3.Connection,
    *,
    code: str,
    business: str,
    customer_phone: str,
    created_at: datetime,
    mission: str,
    merchant: str,
    lines: list[PricedLine],
    subtotal: Decimal,
    discount: Decimal,
    delivery_fee: Decimal,
    promo_code: str | None,
) -> None:
    """An order that was just placed."""
    insert(
        database,
        "orders",
        code=code,
        business=business,
        customer_phone=customer_phone,
        created_at=to_text(created_at),
        mission=mission,
        merchant=merchant,
        lines=_LINES.dump_json(lines).decode(),
        subtotal=str(subtotal),
        discount=str(discount),
        delivery_fee=str(delivery_fee),
        promo_code=promo_code,
    )


def change_fee(database: sqlite3.Connection, code: str, delivery_fee: Decimal) -> None:
    """Bringing it costs something else now."""
    database.execute("UPDATE orders SET delivery_fee = ? WHERE code = ?", (str(delivery_fee), code))


def put_back(database: sqlite3.Connection, mission: str) -> None:
    """What the mission would have brought is for sale again, where it would have brought an order."""
    row = database.execute("SELECT lines FROM orders WHERE mission = ?", (mission,)).fetchone()
    for line in _LINES.validate_json(row["lines"]) if row else ():
        catalogue.take_stock(database, line.product_id, -line.quantity)


def promo(database: sqlite3.Connection, business: str, code: str) -> PromoCode | None:
    """A promo code of the business, however it is typed."""
    row = database.execute(
        "SELECT terms FROM promo_codes WHERE business = ? AND code = ?", (business, code.strip().upper())
    ).fetchone()
    return PromoCode.model_validate_json(row["terms"]) if row else None


def promo_uses(database: sqlite3.Connection, business: str, phone: str, code: str) -> int:
    """How often the customer used it; what was cancelled does not count."""
    row = database.execute(
        """
        SELECT count(*) FROM orders JOIN missions ON missions.code = orders.mission
         WHERE orders.business = ? AND orders.customer_phone = ? AND promo_code = ? AND status != 'cancelled'
        """,
        (business, phone, code),
    ).fetchone()
    return int(row[0])


def _order(database: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Order:
    mission = missions.find(database, row["business"], row["customer_phone"], row["mission"], now)
    assert mission is not None  # noqa: S101 - a foreign key says so
    payment = payments.find(database, row["business"], row["code"])
    amounts = {name: Decimal(row[name]) for name in ("subtotal", "discount", "delivery_fee")}
    total = amounts["subtotal"] - amounts["discount"] + amounts["delivery_fee"]
    money = {name: Money(amount=amount, currency=row["currency"]) for name, amount in amounts.items()}
    return Order(
        code=row["code"],
        status=STATUSES.get(mission.status, mission.status),
        created_at=to_moment(row["created_at"]),
        customer_phone=row["customer_phone"],
        merchant=Seller(id=row["merchant"], name=row["merchant_name"], phone=row["merchant_phone"]),
        lines=_LINES.validate_json(row["lines"]),
        subtotal=money["subtotal"],
        discount=money["discount"],
        delivery_fee=money["delivery_fee"],
        total=Money(amount=total, currency=row["currency"]),
        promo_code=row["promo_code"],
        dropoff=mission.dropoff,
        recipient=mission.recipient,
        note=mission.note,
        mission_code=mission.code,
        expected_at=mission.expected_at,
        payment=payment,
        allowed=allowed_for_order(mission.status, payment, is_claimable="claim" in mission.allowed),
        rating=row["score"],
    )
