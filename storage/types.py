"""Column types and ids that read the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A JSON document; JSONB on PostgreSQL."""


class _Uuid(sa.Uuid[str]):
    """Read by cutting where the database has no type for it: the library would parse each one into a UUID first."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        if dialect.supports_native_uuid:
            return super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return _with_hyphens


def _with_hyphens(value: str | None) -> str | None:
    if value is None:
        return None
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


Id = _Uuid(as_uuid=False)
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


def first_id_at(moment: datetime) -> str:
    """No id that was made before this moment is greater, and none made from then on is less."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-0000-0000-000000000000"


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
