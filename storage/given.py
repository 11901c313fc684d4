"""Rows that the caller brings, as a table inside a statement: one UPDATE for a whole batch, on both databases.

The rows travel as one JSON text, so that the statement is the same for one row and for a thousand, and compiled once.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from storage.types import Id

ROWS: Final = "given_rows"
"""The parameter that carries them."""


def given(dialect_name: str, *columns: sa.ColumnClause[Any]) -> sa.FromClause:
    """A table of these columns, whose rows come with the parameter `ROWS`, made by `rows_of`.

    Numbers, texts, truths and ids; no moments: those are the database's to tell. Keep the statement that is made with
    it: making it costs more than running it.
    """
    if dialect_name == "postgresql":
        records = sa.func.jsonb_to_recordset(sa.bindparam(ROWS, type_=JSONB))
        return records.table_valued(*columns, name="given").render_derived(with_types=True)
    each = sa.func.json_each(sa.bindparam(ROWS, type_=sa.JSON)).table_valued("value")
    fields = [
        sa.type_coerce(sa.func.json_extract(each.c.value, f"$.{column.name}"), column.type).label(column.name)
        for column in columns
    ]
    return sa.select(*fields).subquery("given")


def rows_of(
    connection: Connection, columns: Sequence[sa.ColumnClause[Any]], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """The parameter's value: the rows' values in the order of the columns."""
    names = [column.name for column in columns]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    if connection.dialect.name == "sqlite":
        # There an id is kept without hyphens.
        ids = [column.name for column in columns if isinstance(column.type, type(Id))]
        for row in found:
            for name in ids:
                if row[name] is not None:
                    row[name] = row[name].replace("-", "")
    return found
