"""The demo's shop while a script changes it, and as it was again afterwards."""

import contextlib
import sqlite3
from typing import Any

from tests.stack import Stack

type Row = dict[str, Any]

_CHANGED = {"product": ["price", "in_stock"], "merchant": ["opened", "phone"]}


class Shop:
    """Prices, stock and doors: `product` and `merchant` of a turn name them by their ids."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._before: dict[tuple[str, str], Row] = {}

    def change(self, turn: dict[str, Any]) -> None:
        """`price` and `in_stock` of products, `open` and `phone` of merchants, as this turn has them."""
        for kind, columns in _CHANGED.items():
            for name, change in turn.get(kind, {}).items():
                table = f"{kind}s"
                self._before.setdefault((table, name), self._row(table, name, columns))
                if "phone" in change:
                    self._write(table, name, {"phone": change["phone"]})
                    continue
                answer = self._stack.http.post(f"{self._stack.backend}/demo/{table}/{name}", json=change)
                assert answer.status_code < 400, answer.text

    def restore(self) -> None:
        """As it was before the first change."""
        for (table, name), row in self._before.items():
            self._write(table, name, row)
        self._before.clear()

    def _write(self, table: str, name: str, row: Row) -> None:
        wanted = ", ".join(f"{column} = :{column}" for column in row)
        with self._database() as database, database:
            database.execute(f"UPDATE {table} SET {wanted} WHERE id = :name", row | {"name": name})

    def _row(self, table: str, name: str, columns: list[str]) -> Row:
        with self._database() as database:
            found = database.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (name,)).fetchone()
        assert found, f"the demo has no {name} among its {table}"
        return dict(zip(columns, found, strict=True))

    def _database(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self._stack.folder / "backend.db", timeout=10))
