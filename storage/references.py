"""Moves what points at one row to another row of the same table, in every table there is."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import metadata


def repoint(
    connection: Connection, key: sa.Column[str], old: str, new: str, keep: Collection[sa.Column[str]] = ()
) -> None:
    """Let every foreign key to `key` that holds `old` hold `new`, but for the columns in `keep`.

    Tables are found by their foreign keys, so that one added later is not forgotten.
    """
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column not in keep and column.references(key):
                connection.execute(sa.update(table).where(column == old).values({column.name: new}))
