"""Inserting a row only if it is new, on both databases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect

from storage.types import Json, UtcDateTime


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


def insert_all(connection: Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the rows that are new, many at a time; each with the columns that it names, so that others stay null."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for columns, some in alike.items():
        shared = _shared(table, some) if connection.dialect.name == "postgresql" else frozenset[str]()
        written = _written(connection.dialect, table, columns, shared)
        connection.exec_driver_sql(written.sql, written.parameters(some))


def _shared(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The columns in which all rows have one value: most of a batch's, and the driver looks closely at each value."""
    first, *others = rows
    if not others:
        return frozenset()
    return frozenset(
        name
        for name, value in first.items()
        if value.__class__ in _PLAIN and name not in table.primary_key and all(row[name] == value for row in others)
    )


_PLAIN: Final = (str, int, bool, datetime)
"""What is compared sooner than it is passed on."""


@dataclass(frozen=True, slots=True)
class _Written:
    """An insert as the driver takes it: what the library would do for each row again is done once."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None, bool], ...]
    """Name, what makes the driver's value of ours, and whether values repeat from row to row."""
    takes_columns: bool
    """Whether the driver is given each column as a list, and not each row."""
    shared: frozenset[str]
    """Of which columns it is given one value, for all rows."""

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """The rows' values in the order of the statement."""
        if not self.takes_columns:
            return list(zip(*(self._column(rows, *column) for column in self.columns), strict=True))
        return tuple(
            self._column(rows[:1], *column)[0] if column[0] in self.shared else self._column(rows, *column)
            for column in self.columns
        )

    @staticmethod
    def _column(
        rows: Sequence[Mapping[str, Any]], name: str, made: Callable[[Any], Any] | None, repeats: bool
    ) -> list[Any]:
        values = [row[name] for row in rows]
        if made is None:
            return values
        if repeats:
            known = {value: made(value) for value in set(values)}
            return [known[value] for value in values]
        return [made(value) for value in values]


@lru_cache(maxsize=256)
def _written(dialect: Dialect, table: sa.Table, columns: tuple[str, ...], shared: frozenset[str]) -> _Written:
    on_postgresql = dialect.name == "postgresql"
    return _Written(
        sql=_by_columns(dialect, table, columns, shared) if on_postgresql else _by_rows(table, columns),
        columns=tuple(
            (name, _made(table.c[name], dialect), isinstance(table.c[name].type, UtcDateTime)) for name in columns
        ),
        takes_columns=on_postgresql,
        shared=shared,
    )


def _by_rows(table: sa.Table, columns: Sequence[str]) -> str:
    places = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608


def _by_columns(dialect: Dialect, table: sa.Table, columns: Sequence[str], shared: frozenset[str]) -> str:
    """One statement for all rows, where the driver would run one for each."""
    types = {name: _transported(table.c[name]).compile(dialect=dialect) for name in columns}
    places = {name: f"${number}::{types[name]}" for number, name in enumerate(columns, start=1)}
    listed = [name for name in columns if name not in shared]
    lists = ", ".join(f"{places[name]}[]" for name in listed)
    # As texts are assigned to a column: what is too long is refused, and not cut as it would be by a cast.
    values = ", ".join(
        places[name] if name in shared else f"{name}::jsonb" if table.c[name].type is Json else name for name in columns
    )
    return f"""INSERT INTO {table.name} ({", ".join(columns)}) SELECT {values}
        FROM unnest({lists}) AS given({", ".join(listed)}) ON CONFLICT DO NOTHING"""  # noqa: S608 - names of our own tables


def _transported(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """JSON travels as the text that it was made."""
    return sa.Text() if isinstance(column.type, sa.String) or column.type is Json else column.type


def _made(column: sa.Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    made: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return made


@cache
def _statement[T](dialect_name: str, table: sa.Table, returning: sa.Column[T]) -> Any:
    # Made once: this runs for every message that arrives.
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing().returning(returning)
