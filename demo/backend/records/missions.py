"""Missions as their customers see them, and as the business does."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from demo.backend.contract.missions import Courier, Delay, Mission, Missions
from demo.backend.contract.values import Location, Money, Person, Place
from demo.backend.distances import Road
from demo.backend.journey import Journey
from demo.backend.permissions import allowed_for_mission, may_claim
from demo.backend.records import pages, payments
from demo.backend.store import insert, to_moment, to_text

_MISSIONS = """
    SELECT missions.*, businesses.currency, businesses.name AS organization,
           json_extract(businesses.terms, '$.claim_days') AS claim_days, orders.code AS order_code,
           couriers.name AS courier_name, couriers.phone AS courier_phone, customers.name AS customer_name,
           ratings.score
      FROM missions
      JOIN businesses ON businesses.slug = missions.business
      JOIN customers ON customers.business = missions.business AND customers.phone = missions.customer_phone
      LEFT JOIN couriers ON couriers.id = missions.courier
      LEFT JOIN orders ON orders.mission = missions.code
      LEFT JOIN ratings ON ratings.about = missions.code
"""
_OF_CUSTOMER = "WHERE missions.business = ? AND missions.customer_phone = ?"
_NEWEST_FIRST = "ORDER BY missions.created_at DESC, missions.code DESC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A mission with the name of its customer, for the people of the business."""

    mission: Mission
    customer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMissionRow:
    """A mission to be written."""

    code: str
    business: str
    customer_phone: str
    created_at: datetime
    pickup: Place
    dropoff: Place
    recipient_name: str | None
    recipient_phone: str | None
    value: Decimal | None
    note: str | None
    price: Decimal | None
    road: Road
    ready_minutes: int = 0


def find(database: sqlite3.Connection, business: str, phone: str, code: str, now: datetime) -> Mission | None:
    """One mission of one customer."""
    rows = database.execute(f"{_MISSIONS} {_OF_CUSTOMER} AND missions.code = ?", (business, phone, code)).fetchall()
    return _mission(database, rows[0], now) if rows else None


def newest(
    database: sqlite3.Connection, business: str, phone: str, now: datetime, limit: int, cursor: str | None = None
) -> Missions:
    """A page of the missions of one customer."""
    before = ("9", "") if cursor is None else tuple(pages.place_of(cursor, 2))
    rows = database.execute(
        f"{_MISSIONS} {_OF_CUSTOMER} AND (missions.created_at, missions.code) < (?, ?) {_NEWEST_FIRST} LIMIT ?",
        (business, phone, *before, limit + 1),
    ).fetchall()
    shown, following = pages.page(rows, limit, lambda row: pages.cursor_of(row["created_at"], row["code"]))
    return Missions(missions=[_mission(database, row, now) for row in shown], next_cursor=following)


def deliveries(database: sqlite3.Connection, business: str, now: datetime) -> list[Delivery]:
    """Every mission of a business, whoever's it is: for the page of the business, never for customers."""
    rows = database.execute(f"{_MISSIONS} WHERE missions.business = ? {_NEWEST_FIRST}", (business,)).fetchall()
    return [Delivery(mission=_mission(database, row, now), customer_name=row["customer_name"]) for row in rows]


def next_code(database: sqlite3.Connection, table: str, prefix: str) -> str:
    """The next free code that starts like this; numbers go on over all businesses, since codes are unique."""
    column = "id" if table == "claims" else "code"
    row = database.execute(
        f"SELECT max(CAST(substr({column}, ?) AS INTEGER)) FROM {table} WHERE {column} LIKE ?",  # noqa: S608
        (len(prefix) + 1, f"{prefix}%"),
    ).fetchone()
    return f"{prefix}{(row[0] or 0) + 1:03}"


def write(database: sqlite3.Connection, row: NewMissionRow) -> None:
    """A mission that was just asked for."""
    insert(
        database,
        "missions",
        code=row.code,
        business=row.business,
        customer_phone=row.customer_phone,
        status="pending",
        created_at=to_text(row.created_at),
        pickup=row.pickup.model_dump_json(),
        dropoff=row.dropoff.model_dump_json(),
        recipient_name=row.recipient_name,
        recipient_phone=row.recipient_phone,
        value=_text(row.value),
        note=row.note,
        price=_text(row.price),
        pickup_point=row.road.pickup.model_dump_json(),
        dropoff_point=row.road.dropoff.model_dump_json(),
        road_minutes=row.road.minutes,
        ready_minutes=row.ready_minutes,
    )
    insert(database, "steps", mission=row.code, status="pending", reached_at=to_text(row.created_at))


def move_dropoff(database: sqlite3.Connection, code: str, dropoff: Place, price: Decimal | None, road: Road) -> None:
    """It goes somewhere else now; without a price it is paid with an order."""
    database.execute(
        "UPDATE missions SET dropoff = ?, dropoff_point = ?, price = ?, road_minutes = ? WHERE code = ?",
        (dropoff.model_dump_json(), road.dropoff.model_dump_json(), _text(price), road.minutes, code),
    )


def _mission(database: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Mission:
    steps = _steps(database, row["code"])
    payment = payments.find(database, row["business"], row["code"])
    journey = Journey(
        status=row["status"],
        reached_at=steps.get(row["status"], to_moment(row["created_at"])),
        road_minutes=row["road_minutes"],
        ready_minutes=row["ready_minutes"],
        delay_minutes=row["delay_minutes"] or 0,
    )
    return Mission(
        code=row["code"],
        status=row["status"],
        created_at=to_moment(row["created_at"]),
        customer_phone=row["customer_phone"],
        steps=steps,
        pickup=Place.model_validate_json(row["pickup"]),
        dropoff=Place.model_validate_json(row["dropoff"]),
        recipient=Person(name=row["recipient_name"], phone=row["recipient_phone"]),
        value=_money(row, "value"),
        note=row["note"],
        price=_money(row, "price"),
        courier=_courier(row) if row["courier"] else None,
        position=journey.position(*_points(row), now),
        expected_at=journey.expected_at(now),
        delay=_delay(row) if journey.is_under_way else None,
        order_code=row["order_code"],
        payment=payment,
        allowed=allowed_for_mission(
            row["status"],
            payment,
            is_of_order=row["order_code"] is not None,
            is_claimable=may_claim(steps.get("delivered"), row["claim_days"], now),
        ),
        rating=row["score"],
    )


def _steps(database: sqlite3.Connection, code: str) -> dict[str, datetime]:
    rows: Iterable[sqlite3.Row] = database.execute(
        "SELECT status, reached_at FROM steps WHERE mission = ? ORDER BY rowid", (code,)
    )
    return {row["status"]: to_moment(row["reached_at"]) for row in rows}


def _points(row: sqlite3.Row) -> tuple[Location, Location]:
    return Location.model_validate_json(row["pickup_point"]), Location.model_validate_json(row["dropoff_point"])


def _courier(row: sqlite3.Row) -> Courier:
    return Courier(name=row["courier_name"], phone=row["courier_phone"], organization=row["organization"])


def _delay(row: sqlite3.Row) -> Delay | None:
    return Delay(reason=row["delay_reason"], minutes=row["delay_minutes"]) if row["delay_reason"] else None


def _money(row: sqlite3.Row, column: str) -> Money | None:
    return Money(amount=row[column], currency=row["currency"]) if row[column] is not None else None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
