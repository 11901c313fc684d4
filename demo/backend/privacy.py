"""What a customer may ask about their own data: all of it, and its end."""

import sqlite3
from datetime import datetime

from demo.backend.callers import Caller
from demo.backend.contract.aftercare import Deletion, Export
from demo.backend.contract.problems import Code
from demo.backend.journey import NEXT
from demo.backend.problems import Refusal
from demo.backend.records import aftercare, missions, orders

EVERYTHING = 1_000_000  # rows; more than anybody has

# Children before their parents, as foreign keys want it.
_OWNED = ("answers", "ratings", "claims", "payments", "orders", "missions")


def export(database: sqlite3.Connection, asked: Caller, now: datetime) -> Export:
    """Everything that is kept under their number."""
    who = (asked.business, asked.phone)
    name = database.execute("SELECT name FROM customers WHERE business = ? AND phone = ?", who).fetchone()
    return Export(
        exported_at=now.replace(microsecond=0),
        data={
            "customer": {"phone": asked.phone, "name": name["name"] if name else None},
            **missions.newest(database, *who, now, EVERYTHING).model_dump(mode="json", include={"missions"}),
            **orders.newest(database, *who, now, EVERYTHING).model_dump(mode="json", include={"orders"}),
            **aftercare.claims(database, *who, EVERYTHING).model_dump(mode="json", include={"claims"}),
            "ratings": [rating.model_dump(mode="json") for rating in aftercare.ratings(database, *who)],
        },
    )


def delete(database: sqlite3.Connection, asked: Caller, now: datetime) -> Deletion:
    """Delete all of it, once nobody is on the way for them any more."""
    who = (asked.business, asked.phone)
    statuses = database.execute("SELECT status FROM missions WHERE business = ? AND customer_phone = ?", who)
    if any(row["status"] in NEXT for row in statuses):
        raise Refusal.because(Code.DELIVERY_UNDER_WAY, "A delivery is under way: it ends or is cancelled first.")
    database.execute(
        "DELETE FROM steps WHERE mission IN (SELECT code FROM missions WHERE business = ? AND customer_phone = ?)", who
    )
    for table in _OWNED:
        database.execute(f"DELETE FROM {table} WHERE business = ? AND customer_phone = ?", who)  # noqa: S608
    database.execute("DELETE FROM customers WHERE business = ? AND phone = ?", who)
    return Deletion(deleted_at=now.replace(microsecond=0), kept=[])
