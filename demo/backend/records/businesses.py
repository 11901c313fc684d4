"""Businesses, and what they charge."""

import sqlite3
from dataclasses import dataclass

from demo.backend.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One business of the demo."""

    slug: str
    name: str
    currency: str
    timezone: str
    terms: Terms


def every(database: sqlite3.Connection) -> list[Business]:
    """Every business, in the order of the seeds."""
    return [_business(row) for row in database.execute("SELECT * FROM businesses ORDER BY rowid")]


def one(database: sqlite3.Connection, slug: str) -> Business:
    """One business that exists."""
    return _business(database.execute("SELECT * FROM businesses WHERE slug = ?", (slug,)).fetchone())


def exists(database: sqlite3.Connection, slug: str) -> bool:
    """Whether there is such a business."""
    return database.execute("SELECT 1 FROM businesses WHERE slug = ?", (slug,)).fetchone() is not None


def know_customer(database: sqlite3.Connection, business: str, phone: str) -> None:
    """Somebody who orders for the first time is a customer from now on; nobody told us their name."""
    database.execute("INSERT OR IGNORE INTO customers (business, phone, name) VALUES (?, ?, '')", (business, phone))


def _business(row: sqlite3.Row) -> Business:
    return Business(
        slug=row["slug"],
        name=row["name"],
        currency=row["currency"],
        timezone=row["timezone"],
        terms=Terms.model_validate_json(row["terms"]),
    )
