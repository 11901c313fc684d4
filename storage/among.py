"""`column in these values`, where how many there are does not show in the statement.

With a placeholder for each value every number of values is a statement of its own: written anew by the library, and on
PostgreSQL parsed and planned anew.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.json_text import to_json


class _Listed(sa.types.TypeDecorator[Collection[Any]]):
    """Several values of one type in one parameter: an array, or a JSON text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, item: sa.types.TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(self.item))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        if dialect.name == "postgresql":
            return values
        made = self.item.dialect_impl(dialect).bind_processor(dialect)
        return to_json(values if made is None else [made(each) for each in values])


class among(FunctionElement[Any]):
    """Whether a column holds one of the values of the parameter `name`: texts, numbers or ids."""

    # A Boolean would be compared with 1 on SQLite, which then reads no index.
    type = sa.types.NullType()
    inherit_cache = True
    name = "among"

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        super().__init__(column, sa.bindparam(name, type_=_Listed(column.type)))


@compiles(among, "postgresql")
def _postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **kw)} = ANY ({compiler.process(values, **kw)}))"


@compiles(among, "sqlite")
def _sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(values, **kw)})))"  # noqa: S608
