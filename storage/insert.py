"""Inserting a row only if it is new, on both databases."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert_new[T](connection: Connection, table: sa.Table, row: Mapping[str, Any], returning: sa.Column[T]) -> T | None:
    """Insert the row and return the column; None, changing nothing, when a unique key says it exists."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing().returning(returning)
    found: T | None = connection.scalar(statement)
    return found
