"""Moves a mission on: what follows what, and what it brings along."""

import sqlite3
from datetime import datetime

from demo.backend.store import Store, to_text

#: What follows each status when all goes well. Nothing follows the others.
NEXT = {
    "pending": "accepted",
    "accepted": "pickup_arrived",
    "pickup_arrived": "in_transit",
    "in_transit": "delivered",
}
CANCELLED = "cancelled"


class NoSuchMission(Exception):
    """No mission has that code."""


class NothingFollows(Exception):
    """The mission has reached its end."""


def advance(store: Store, code: str, now: datetime) -> str:
    """Move a mission to its next status and return that; the first move brings a courier."""
    with store.writing() as database:
        status = _status(database, code)
        if status not in NEXT:
            raise NothingFollows(f"Nothing follows {status}.")
        if NEXT[status] == "accepted":
            _assign_courier(database, code)
        return _reach(database, code, NEXT[status], now)


def cancel(store: Store, code: str, now: datetime) -> str:
    """Cancel a mission that is still on its road."""
    with store.writing() as database:
        status = _status(database, code)
        if status not in NEXT:
            raise NothingFollows(f"A mission that is {status} cannot be cancelled.")
        return _reach(database, code, CANCELLED, now)


def _status(database: sqlite3.Connection, code: str) -> str:
    row = database.execute("SELECT status FROM missions WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NoSuchMission("There is no mission with that code.")
    return str(row["status"])


def _assign_courier(database: sqlite3.Connection, code: str) -> None:
    """Give it to the courier of the business who carries least."""
    database.execute(
        """
        UPDATE missions SET courier = (
            SELECT couriers.id FROM couriers
             WHERE couriers.business = missions.business
             ORDER BY (SELECT count(*) FROM missions AS busy
                        WHERE busy.courier = couriers.id
                          AND busy.status IN ('accepted', 'pickup_arrived', 'in_transit')), couriers.rowid
             LIMIT 1)
         WHERE code = ?
        """,
        (code,),
    )


def _reach(database: sqlite3.Connection, code: str, status: str, now: datetime) -> str:
    database.execute("UPDATE missions SET status = ? WHERE code = ?", (status, code))
    database.execute("INSERT INTO steps (mission, status, reached_at) VALUES (?, ?, ?)", (code, status, to_text(now)))
    return status
