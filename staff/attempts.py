"""Failed log-ins, counted by account and by address, so that nobody guesses for long."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff.tables import staff_attempts
from staff.tokens import digest
from storage.insert import insert_new

WINDOW: Final = timedelta(minutes=15)
"""From the first failure on; after that one begins anew."""
MOST_PER_ACCOUNT: Final = 8
"""Failures within the window. Our choice: an honest person needs three."""
MOST_PER_ADDRESS: Final = 30
"""Failures within the window: an office shares one address. Our choice."""


class TooMany(Exception):
    """Too often wrong; `wait` says for how long it is no use to try again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many failed attempts.")
        self.wait = wait


def refuse_too_many(connection: Connection, account: str, address: str, now: datetime) -> None:
    """Raise TooMany where either has failed too often."""
    a = staff_attempts.c
    for key, most in _keys(account, address):
        row = connection.execute(sa.select(a["count"], a.since).where(a.key == key)).one_or_none()
        if row is not None and row[0] >= most and now < row.since + WINDOW:
            raise TooMany(row.since + WINDOW - now)


def failed(connection: Connection, account: str, address: str, now: datetime) -> None:
    """Count one more for both."""
    a = staff_attempts.c
    connection.execute(sa.delete(staff_attempts).where(a.since <= now - WINDOW))
    for key, _ in _keys(account, address):
        if insert_new(connection, staff_attempts, {"key": key, "count": 1, "since": now}, a.key) is None:
            connection.execute(sa.update(staff_attempts).where(a.key == key).values(count=a["count"] + 1))


def succeeded(connection: Connection, account: str, address: str) -> None:
    """The account's failures are forgotten; the address's are not, or one's own account would clear them."""
    (key, _), _ = _keys(account, address)
    connection.execute(sa.delete(staff_attempts).where(staff_attempts.c.key == key))


def _keys(account: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (digest(f"account {account.lower()}"), MOST_PER_ACCOUNT), (digest(f"address {address}"), MOST_PER_ADDRESS)
