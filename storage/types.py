"""Column types and ids that read the same on SQLite and PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

REPLACEMENT = "\ufffd"

Id = sa.Uuid(as_uuid=False)
"""A UUIDv7 as lower-case text with hyphens; a native uuid on PostgreSQL."""


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


class Json(sa.types.TypeDecorator[Any]):
    """A JSON document; JSONB on PostgreSQL. What no database can hold is replaced, see `storable`."""

    impl = sa.JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return storable(value)


class ForeignText(sa.types.TypeDecorator[str]):
    """Text that strangers chose; what no database can hold is replaced, see `storable`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(storable(value))


def storable(value: Any) -> Any:
    """The same JSON value without NUL and half surrogate pairs, which PostgreSQL refuses and JSON allows."""
    if isinstance(value, str):
        clean = value.replace("\x00", REPLACEMENT)
        return clean.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, Mapping):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    return value
