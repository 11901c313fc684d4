"""Column types and ids that read the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A JSON document; JSONB on PostgreSQL."""

Id = sa.Uuid(as_uuid=False)
"""A UUIDv7 as lower-case text with hyphens; a native uuid on PostgreSQL."""


def one_of(column: str, *values: str) -> sa.TextClause:
    """`column IN ('a', 'b')` with the values written out.

    For a partial index and for every query meant to use it: SQLite does not recognise the condition of an index
    in a query that binds its values, and then reads the whole table.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.text(f"{column} IN ({listed})")


def new_id() -> str:
    """A UUIDv7: unique everywhere, and ordered by the moment it was made."""
    return str(uuid_utils.uuid7())


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC moment.

    SQLite keeps it as fixed-width text, so that comparisons in SQL are right there too.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a timezone cannot be stored; use an aware datetime.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
