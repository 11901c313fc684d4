"""Categories, merchants and products of a business."""

import json
import sqlite3
from datetime import datetime
from decimal import Decimal

from pydantic import TypeAdapter

from demo.backend.contract.shop import Category, Choice, Merchant, Option, Product
from demo.backend.contract.values import Money, Place
from demo.backend.distances import locate
from demo.backend.hours import is_open, opens_at
from demo.backend.records import businesses
from demo.backend.records.businesses import Business
from demo.backend.seed import SeedOption

_PRODUCTS = """
    SELECT products.*, businesses.currency, merchants.name AS merchant_name, merchants.category
      FROM products
      JOIN businesses ON businesses.slug = products.business
      JOIN merchants ON merchants.id = products.merchant
"""
_MERCHANTS = """
    SELECT merchants.*, categories.name AS category_name, categories.names AS category_names
      FROM merchants
      JOIN categories ON categories.business = merchants.business AND categories.id = merchants.category
"""
_OPTIONS = TypeAdapter(list[SeedOption])


def categories(database: sqlite3.Connection, business: str) -> list[Category]:
    """Those in which somebody sells."""
    rows = database.execute("SELECT id, name, names FROM categories WHERE business = ? ORDER BY rowid", (business,))
    return [Category(id=row["id"], name=row["name"], names=json.loads(row["names"])) for row in rows]


def merchants(database: sqlite3.Connection, slug: str, now: datetime, category: str | None = None) -> list[Merchant]:
    """The merchants of a business, of one category or of all, the open ones first."""
    business = businesses.one(database, slug)
    rows = database.execute(
        f"{_MERCHANTS} WHERE merchants.business = ? AND merchants.category = coalesce(?, merchants.category) "
        "ORDER BY merchants.rowid",
        (slug, category),
    )
    return sorted((_merchant(business, row, now) for row in rows), key=lambda merchant: not merchant.open_now)


def merchant(database: sqlite3.Connection, slug: str, merchant_id: str, now: datetime) -> Merchant | None:
    """One merchant of a business."""
    row = database.execute(
        f"{_MERCHANTS} WHERE merchants.business = ? AND merchants.id = ?", (slug, merchant_id)
    ).fetchone()
    return _merchant(businesses.one(database, slug), row, now) if row else None


def products(
    database: sqlite3.Connection, business: str, merchant_id: str | None = None, category: str | None = None
) -> list[Product]:
    """Products of a business, of one merchant or of one category, in the shop's own order."""
    rows = database.execute(
        f"""
        {_PRODUCTS} WHERE products.business = ? AND products.merchant = coalesce(?, products.merchant)
          AND merchants.category = coalesce(?, merchants.category) ORDER BY products.rowid
        """,
        (business, merchant_id, category),
    )
    return [_product(row) for row in rows]


def product(database: sqlite3.Connection, business: str | None, product_id: str) -> Product | None:
    """One product, of one business or of any."""
    row = database.execute(
        f"{_PRODUCTS} WHERE products.id = ? AND products.business = coalesce(?, products.business)",
        (product_id, business),
    ).fetchone()
    return _product(row) if row else None


def take_stock(database: sqlite3.Connection, product_id: str, quantity: int) -> None:
    """So many fewer are left; with a negative quantity, so many more. The table refuses to go below none."""
    database.execute("UPDATE products SET in_stock = in_stock - ? WHERE id = ?", (quantity, product_id))


def overrule_hours(database: sqlite3.Connection, merchant_id: str, opened: bool | None) -> bool:
    """Open or close a merchant whatever its hours say, or let them count again; whether there is one."""
    sql = "UPDATE merchants SET opened = ? WHERE id = ?"
    return database.execute(sql, (opened, merchant_id)).rowcount > 0


def change_product(database: sqlite3.Connection, product_id: str, price: Decimal | None, in_stock: int | None) -> bool:
    """Another price, another number of them; whether there is such a product."""
    sql = "UPDATE products SET price = coalesce(?, price), in_stock = coalesce(?, in_stock) WHERE id = ?"
    return database.execute(sql, (None if price is None else str(price), in_stock, product_id)).rowcount > 0


def _merchant(business: Business, row: sqlite3.Row, now: datetime) -> Merchant:
    hours = json.loads(row["hours"])
    overruled = row["opened"]
    open_now = is_open(hours, business.timezone, now) if overruled is None else bool(overruled)
    return Merchant(
        id=row["id"],
        name=row["name"],
        category=Category(id=row["category"], name=row["category_name"], names=json.loads(row["category_names"])),
        description=row["description"],
        address=row["address"],
        location=locate(business.terms, Place(address=row["address"])),
        phone=row["phone"],
        open_now=open_now,
        opens_at=None if open_now or overruled is not None else opens_at(hours, business.timezone, now),
        hours=hours,
        minimum=Money(amount=row["minimum"], currency=business.currency) if row["minimum"] else None,
        preparation_minutes=row["preparation_minutes"],
    )


def _product(row: sqlite3.Row) -> Product:
    return Product(
        id=row["id"],
        name=row["name"],
        price=Money(amount=row["price"], currency=row["currency"]),
        description=row["description"],
        merchant=row["merchant_name"],
        merchant_id=row["merchant"],
        available=bool(row["available"]) and row["in_stock"] != 0,
        in_stock=row["in_stock"],
        options=[_option(each, row["currency"]) for each in _OPTIONS.validate_json(row["options"])],
    )


def _option(seed: SeedOption, currency: str) -> Option:
    choices = [
        Choice(
            id=each.id,
            name=each.name,
            extra=Money(amount=each.extra, currency=currency) if each.extra else None,
            available=each.available,
        )
        for each in seed.choices
    ]
    return Option(id=seed.id, name=seed.name, at_least=seed.at_least, at_most=seed.at_most, choices=choices)
