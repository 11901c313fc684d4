"""The database's own clock, for leases and due times.

Workers on several machines never compare their clocks: a lease is written and judged by the one clock they share.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.types import UtcDateTime


class database_now(FunctionElement[Any]):
    """The moment this statement runs, plus `seconds` (may be negative or fractional)."""

    type = UtcDateTime()
    inherit_cache = True
    name = "database_now"

    def __init__(self, seconds: float | sa.ColumnElement[Any] = 0.0) -> None:
        super().__init__(sa.literal(float(seconds)) if isinstance(seconds, int | float) else seconds)


@compiles(database_now, "postgresql")
def _postgresql(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(clock_timestamp() + make_interval(secs => CAST({seconds} AS double precision)))"


@compiles(database_now, "sqlite")
def _sqlite(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    # The text form of UtcDateTime has six decimals; SQLite's clock knows three.
    return f"(strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds'))"
