"""Tables of figures as a page draws them and a file lists them: each cell with its number and the way to its rows."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.desk.words import Words

type Value = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number or name."""

    value: Value
    shown: str | None = None
    """Its words, where the value is a code."""
    href: str | None = None
    """Where the rows behind it are, after /desk."""
    is_share: bool = False
    """Between 0 and 1, to be read in per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of a table's; its word is overview.columns.<key>, unless it has a name of its own."""

    key: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What stands under one heading (overview.tables.<key>)."""

    key: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    plot: str | None = None
    """How it is drawn: bars beside each other, stacked, lines, or funnel; None for a table alone."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What else is said of it."""

    @property
    def is_empty(self) -> bool:
        """Whether every number in it is nought."""
        return not any(cell.value for row in self.rows for cell in row[1:] if not isinstance(cell.value, str))


def columns(*keys: str) -> tuple[Column, ...]:
    """Columns whose words are the desk's."""
    return tuple(Column(key=key) for key in keys)


def share(part: int, whole: int, href: str | None = None) -> Cell:
    """A part of a whole; nothing where there is no whole."""
    return Cell(value=part / whole if whole else None, is_share=True, href=href)


def as_csv(table: Table, words: Words) -> str:
    """The table as a file that spreadsheets read: shares between 0 and 1, a point before the decimals."""
    known = words["overview"]["columns"]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name or known[column.key] for column in table.columns])
    for row in table.rows:
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue()


def _written(cell: Cell) -> Value:
    """What would be a formula to a spreadsheet is marked as words: names come from outside."""
    value = cell.shown if cell.shown is not None else cell.value
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return round(value, 4) if isinstance(value, float) else value
