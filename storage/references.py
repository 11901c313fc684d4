"""Moves what points at one row to another row of the same table, in every table there is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.clock import database_now
from storage.tables import metadata

WHEN_JOINED: Final = "when_joined"
"""The key of `Table.info` under which a table says what becomes of rows of two that become one (`Yields`)."""


@dataclass(frozen=True, slots=True)
class Yields:
    """Where both rows have one that agrees in these columns, there can be one alone: the one that moves gives way."""

    same: tuple[str, ...]
    closing: str | None = None
    """The column that ends it, a moment that is null while it stands; without one, it is deleted."""


def repoint(
    connection: Connection, key: sa.Column[str], old: str, new: str, keep: Collection[sa.Column[str]] = ()
) -> None:
    """Let every foreign key to `key` that holds `old` hold `new`, but for the columns in `keep`.

    Tables are found by their foreign keys, so that one added later is not forgotten.
    """
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column not in keep and column.references(key):
                _give_way(connection, table, column, old, new)
                connection.execute(sa.update(table).where(column == old).values({column.name: new}))


def _give_way(connection: Connection, table: sa.Table, column: sa.Column[Any], old: str, new: str) -> None:
    rule: Yields | None = table.info.get(WHEN_JOINED)
    if rule is None:
        return
    other = table.alias("other")
    agrees = [table.c[name] == other.c[name] for name in rule.same]
    both = [column == old, sa.exists().where(other.c[column.name] == new, *agrees)]
    if rule.closing is None:
        connection.execute(sa.delete(table).where(*both))
        return
    stands = [column == old, table.c[rule.closing].is_(None)]
    meets = sa.exists().where(other.c[column.name] == new, other.c[rule.closing].is_(None), *agrees)
    connection.execute(sa.update(table).where(*stands, meets).values({rule.closing: database_now()}))
