"""Inserting a row only if it is new, on both databases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

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
        written = _written(connection.dialect, table, columns)
        connection.exec_driver_sql(written.sql, written.parameters(some))


@dataclass(frozen=True, slots=True)
class _Written:
    """An insert as the driver takes it: what the library would do for each row again is done once."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None, bool], ...]
    """Name, what makes the driver's value of ours, and whether values repeat from row to row."""
    takes_columns: bool
    """Whether the driver is given each column as a list, and not each row."""

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """The rows' values in the order of the statement."""
        by_column = [self._column(rows, *column) for column in self.columns]
        return tuple(by_column) if self.takes_columns else list(zip(*by_column, strict=True))

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
def _written(dialect: Dialect, table: sa.Table, columns: tuple[str, ...]) -> _Written:
    on_postgresql = dialect.name == "postgresql"
    return _Written(
        sql=_by_columns(dialect, table, columns) if on_postgresql else _by_rows(table, columns),
        columns=tuple(
            (name, _made(table.c[name], dialect), isinstance(table.c[name].type, UtcDateTime)) for name in columns
        ),
        takes_columns=on_postgresql,
    )


def _by_rows(table: sa.Table, columns: Sequence[str]) -> str:
    places = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608


def _by_columns(dialect: Dialect, table: sa.Table, columns: Sequence[str]) -> str:
    """One statement for all rows, where the driver would run one for each."""
    types = [_transported(table.c[name]).compile(dialect=dialect) for name in columns]
    lists = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, start=1))
    # As texts are assigned to a column: what is too long is refused, and not cut as it would be by a cast.
    values = ", ".join(f"{name}::jsonb" if table.c[name].type is Json else name for name in columns)
    named = ", ".join(columns)
    return f"""INSERT INTO {table.name} ({named}) SELECT {values} FROM unnest({lists}) AS given({named})
        ON CONFLICT DO NOTHING"""  # noqa: S608 - names of our own tables


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
