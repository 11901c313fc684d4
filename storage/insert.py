"""Inserting a row only if it is new, on both databases."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert_new[T](connection: Connection, table: sa.Table, row: Mapping[str, Any], returning: sa.Column[T]) -> T | None:
    """Insert the row and return the column; None, changing nothing, when a unique key says it exists."""
    found: T | None = connection.scalar(_statement(connection.dialect.name, table, returning), dict(row))
    return found


def insert_new_rows[T](
    connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], returning: sa.Column[T]
) -> set[T]:
    """The same for several rows at once; the column of those that were new."""
    statement = _statement(connection.dialect.name, table, returning)
    return set(connection.scalars(statement, [dict(row) for row in rows]))


@cache
def _statement[T](dialect_name: str, table: sa.Table, returning: sa.Column[T]) -> Any:
    # Made once: this runs for every message that arrives.
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing().returning(returning)
