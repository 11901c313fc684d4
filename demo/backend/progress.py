"""Moves a mission on: what follows what, what it brings along, and that Relais is to hear of it."""

import sqlite3
from datetime import datetime

from demo.backend import news
from demo.backend.journey import NEXT
from demo.backend.records import orders, payments
from demo.backend.store import Store, to_text

CANCELLED = "cancelled"


class NoSuchMission(Exception):
    """No mission has that code."""


class NothingFollows(Exception):
    """The mission has reached its end."""


def advance(store: Store, code: str, now: datetime) -> str:
    """Move a mission to its next status and return that; the first move brings a courier, the last one the money."""
    with store.writing() as database:
        status = _status(database, code)
        if status not in NEXT:
            raise NothingFollows(f"Nothing follows {status}.")
        if NEXT[status] == "accepted":
            _assign_courier(database, code)
        payments.settle(database, paid_under(database, code), now, cash_is_in=NEXT[status] == "delivered")
        reached = reach(database, code, NEXT[status], now)
        news.status_changed(database, code, now)
        return reached


def cancel(store: Store, code: str, now: datetime) -> str:
    """Cancel a mission that is still on its road, as the business may. What customers cancel, they know already."""
    with store.writing() as database:
        status = _status(database, code)
        if status not in NEXT:
            raise NothingFollows(f"A mission that is {status} cannot be cancelled.")
        ended = call_off(database, code, now)
        news.status_changed(database, code, now)
        return ended


def call_off(database: sqlite3.Connection, code: str, now: datetime) -> str:
    """The mission is cancelled: what was paid goes back to the customer, what was reserved to the shop."""
    payments.call_off(database, paid_under(database, code))
    orders.put_back(database, code)
    return reach(database, code, CANCELLED, now)


def delay(store: Store, code: str, reason: str, minutes: int, now: datetime) -> None:
    """Make a mission late, and say why."""
    with store.writing() as database:
        _status(database, code)
        database.execute(
            "UPDATE missions SET delay_reason = ?, delay_minutes = ? WHERE code = ?", (reason, minutes, code)
        )
        news.delayed(database, code, now)


def reach(database: sqlite3.Connection, code: str, status: str, now: datetime) -> str:
    """The mission has this status from now on."""
    database.execute("UPDATE missions SET status = ? WHERE code = ?", (status, code))
    database.execute("INSERT INTO steps (mission, status, reached_at) VALUES (?, ?, ?)", (code, status, to_text(now)))
    return status


def paid_under(database: sqlite3.Connection, code: str) -> str:
    """The code under which the delivery is paid: the order's, where it brings one."""
    row = database.execute("SELECT code FROM orders WHERE mission = ?", (code,)).fetchone()
    return str(row["code"]) if row else code


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
