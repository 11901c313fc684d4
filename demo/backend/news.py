"""What Relais is to be told: kept in the transaction in which it happened, so that a restart loses none."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from demo.backend.records import missions, orders
from demo.backend.store import Store, insert, to_text

WORTH_HOURS = 12  # nobody is told later than that, and where nobody tells, rows do not pile up


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that happened."""

    id: int
    business: str
    kind: str
    """mission or order, for a new status; delay."""
    told: Mapping[str, Any]
    """The mission or order as it was then, by the contract, with `customer`."""


def status_changed(database: sqlite3.Connection, code: str, now: datetime) -> None:
    """A mission has another status, and so has the order that it brings."""
    business, phone, name = _owner(database, code)
    mission = missions.find(database, business, phone, code, now)
    assert mission is not None  # noqa: S101 - it was changed a moment ago
    if mission.order_code is not None:
        order = orders.find(database, business, phone, mission.order_code, now)
        assert order is not None  # noqa: S101 - a foreign key says so
        _keep(database, business, "order", order, name, now)
    _keep(database, business, "mission", mission, name, now)


def delayed(database: sqlite3.Connection, code: str, now: datetime) -> None:
    """A mission comes later than promised."""
    business, phone, name = _owner(database, code)
    mission = missions.find(database, business, phone, code, now)
    assert mission is not None  # noqa: S101 - it was changed a moment ago
    if mission.delay is not None:
        _keep(database, business, "delay", mission, name, now)


def oldest(store: Store) -> News | None:
    """What is to be told next."""
    with store.reading() as database:
        row = database.execute("SELECT * FROM news ORDER BY id LIMIT 1").fetchone()
    if row is None:
        return None
    return News(id=row["id"], business=row["business"], kind=row["kind"], told=json.loads(row["told"]))


def done(store: Store, news: News) -> None:
    """It was told, or cannot be."""
    with store.writing() as database:
        database.execute("DELETE FROM news WHERE id = ?", (news.id,))


def _keep(database: sqlite3.Connection, business: str, kind: str, changed: BaseModel, name: str, now: datetime) -> None:
    told = changed.model_dump(mode="json", exclude_none=True)
    told["customer"] = {"phone": told["customer_phone"]} | ({"name": name} if name else {})
    database.execute("DELETE FROM news WHERE happened_at < ?", (to_text(now - timedelta(hours=WORTH_HOURS)),))
    text = json.dumps(told, ensure_ascii=False)
    insert(database, "news", business=business, kind=kind, told=text, happened_at=to_text(now))


def _owner(database: sqlite3.Connection, code: str) -> tuple[str, str, str]:
    row = database.execute(
        """
        SELECT missions.business, customer_phone, name FROM missions
          JOIN customers ON customers.business = missions.business AND phone = customer_phone
         WHERE code = ?
        """,
        (code,),
    ).fetchone()
    return row["business"], row["customer_phone"], row["name"]
