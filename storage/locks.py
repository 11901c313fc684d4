"""Lets one transaction at a time decide about something that has no row yet."""

import hashlib
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def hold(connection: Connection, names: Iterable[str]) -> None:
    """Wait until no other transaction holds any of these names, and hold them until this one ends.

    On SQLite a writing transaction is alone anyway. Two names may fall together; then one waits for nothing.
    """
    if connection.dialect.name != "postgresql":
        return
    numbers = sorted({int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names})
    if numbers:
        # In one order for everybody, so that nobody waits in a circle.
        connection.execute(_HOLD, {"numbers": numbers})


_HOLD = sa.text("SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS listed(number)")
