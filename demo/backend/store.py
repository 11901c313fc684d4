"""Keeps the demo's data in one SQLite file; the only module that speaks SQL."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo.backend.contract import Courier, Mission, Money, Person, Place, Product
from demo.backend.search import best_matches

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
BUSY_SECONDS = 5.0  # how long to wait for whoever else has the file open, such as a person with a sqlite shell

_MISSIONS = """
    SELECT missions.*, businesses.currency, businesses.name AS organization,
           couriers.name AS courier_name, couriers.phone AS courier_phone, customers.name AS customer_name
      FROM missions
      JOIN businesses ON businesses.slug = missions.business
      JOIN customers ON customers.business = missions.business AND customers.phone = missions.customer_phone
      LEFT JOIN couriers ON couriers.id = missions.courier
"""
_NEWEST_FIRST = "ORDER BY created_at DESC, code DESC"
_PRODUCTS = """
    SELECT products.*, businesses.currency, merchants.name AS merchant_name
      FROM products
      JOIN businesses ON businesses.slug = products.business
      JOIN merchants ON merchants.id = products.merchant
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One business of the demo."""

    slug: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A mission with the name of its customer, for the people of the business."""

    mission: Mission
    customer_name: str


class Store:
    """Reads and changes the data; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """Open the file, and make its tables where it is new."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        # One connection for all threads, guarded by the lock: opening one costs more than any question here.
        self._connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SCHEMA}")
        self._connection.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def businesses(self) -> list[Business]:
        """Every business."""
        rows = self._rows("SELECT slug, name, timezone FROM businesses ORDER BY rowid")
        return [Business(slug=row["slug"], name=row["name"], timezone=row["timezone"]) for row in rows]

    def has_business(self, slug: str) -> bool:
        """Whether there is such a business."""
        return bool(self._rows("SELECT 1 FROM businesses WHERE slug = ?", slug))

    def mission(self, business: str, phone: str, code: str) -> Mission | None:
        """One mission of one customer."""
        condition = "WHERE missions.business = ? AND missions.customer_phone = ? AND missions.code = ?"
        rows = self._rows(f"{_MISSIONS} {condition}", business, phone, code)
        return self._missions(rows)[0] if rows else None

    def missions(self, business: str, phone: str, limit: int) -> list[Mission]:
        """The newest missions of one customer."""
        condition = "WHERE missions.business = ? AND missions.customer_phone = ?"
        return self._missions(self._rows(f"{_MISSIONS} {condition} {_NEWEST_FIRST} LIMIT ?", business, phone, limit))

    def deliveries(self, business: str) -> list[Delivery]:
        """Every mission of a business, whoever's it is: for the page of the business, never for customers."""
        rows = self._rows(f"{_MISSIONS} WHERE missions.business = ? {_NEWEST_FIRST}", business)
        return [
            Delivery(mission=mission, customer_name=row["customer_name"])
            for mission, row in zip(self._missions(rows), rows, strict=True)
        ]

    def products(self, business: str, query: str) -> list[Product]:
        """Products of one business, the best matches first; all of them for an empty query."""
        rows = self._rows(f"{_PRODUCTS} WHERE products.business = ? ORDER BY products.rowid", business)
        return best_matches(query, [_product(row) for row in rows])

    def product(self, business: str | None, product_id: str) -> Product | None:
        """One product, of one business or of any."""
        condition = "WHERE products.id = ? AND products.business = coalesce(?, products.business)"
        rows = self._rows(f"{_PRODUCTS} {condition}", product_id, business)
        return _product(rows[0]) if rows else None

    def _rows(self, sql: str, *values: str | int | None) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _missions(self, rows: list[sqlite3.Row]) -> list[Mission]:
        return [_mission(row, self._steps(row["code"])) for row in rows]

    def _steps(self, code: str) -> dict[str, datetime]:
        rows = self._rows("SELECT status, reached_at FROM steps WHERE mission = ? ORDER BY rowid", code)
        return {row["status"]: _moment(row["reached_at"]) for row in rows}


def to_text(at: datetime) -> str:
    """A moment as this file keeps it: UTC, so that the text sorts like the time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _mission(row: sqlite3.Row, steps: dict[str, datetime]) -> Mission:
    return Mission(
        code=row["code"],
        status=row["status"],
        created_at=_moment(row["created_at"]),
        customer_phone=row["customer_phone"],
        steps=steps,
        pickup=Place(address=row["pickup_address"]),
        dropoff=Place(address=row["dropoff_address"]),
        recipient=Person(name=row["recipient_name"], phone=row["recipient_phone"]),
        value=Money(amount=row["value"], currency=row["currency"]) if row["value"] else None,
        courier=_courier(row) if row["courier"] else None,
    )


def _courier(row: sqlite3.Row) -> Courier:
    return Courier(name=row["courier_name"], phone=row["courier_phone"], organization=row["organization"])


def _product(row: sqlite3.Row) -> Product:
    return Product(
        id=row["id"],
        name=row["name"],
        price=Money(amount=row["price"], currency=row["currency"]),
        description=row["description"],
        merchant=row["merchant_name"],
        available=bool(row["available"]),
    )
