"""Reads figures: summed over a time, or one after the other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from figures.counting import Key
from figures.keeping import KINDS
from figures.tables import figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A time of a business: from the beginning of an hour or day, to one that is not in it any more."""

    business_id: str
    since: datetime
    until: datetime
    grain: str
    """hour or day: of which rows it is made."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted over a time."""

    counts: Mapping[Key, int] = field(default_factory=dict)

    def of(self, kind: str, name: str | None = None, details: Collection[str] | None = None) -> int:
        """All of a kind; of these names or details alone."""
        return sum(
            count
            for (its_kind, its_name, detail), count in self.counts.items()
            if its_kind == kind and name in (None, its_name) and (details is None or detail in details)
        )

    def by_name(self, kind: str) -> dict[str, dict[str, int]]:
        """Counts by detail, by name."""
        found: dict[str, dict[str, int]] = {}
        for (its_kind, name, detail), count in self.counts.items():
            if its_kind == kind:
                found.setdefault(name, {})[detail] = count
        return found

    def named(self, kind: str) -> dict[str, int]:
        """Counts by name."""
        return {name: sum(details.values()) for name, details in self.by_name(kind).items()}


def sums(connection: Connection, over: Over) -> Sums:
    """Everything that was counted over a time."""
    f = figures.c
    total = sa.func.sum(f.total).label("total")
    rows = connection.execute(
        sa.select(f.kind, f.name, f.detail, total).where(*_within(over, KINDS)).group_by(f.kind, f.name, f.detail)
    )
    return Sums({(row.kind, row.name, row.detail): int(row.total) for row in rows})


def series(connection: Connection, over: Over, kinds: Sequence[str]) -> dict[datetime, Sums]:
    """The same of these kinds for each of its hours or days in which there was any."""
    f = figures.c
    found: dict[datetime, dict[Key, int]] = {}
    for row in connection.execute(
        sa.select(f.at, f.kind, f.name, f.detail, f.total).where(*_within(over, kinds)).order_by(f.at)
    ):
        found.setdefault(row.at, {})[row.kind, row.name, row.detail] = row.total
    return {at: Sums(counts) for at, counts in found.items()}


def hours_with(
    connection: Connection, over: Over, kind: str, name: str | None, detail: str | None
) -> Iterator[tuple[datetime, int]]:
    """Each hour of a time in which something of this kind was, the newest first, and how often."""
    f = figures.c
    which = [f.name == name] if name is not None else []
    which += [f.detail == detail] if detail is not None else []
    rows = connection.execute(
        sa.select(f.at, sa.func.sum(f.total).label("total"))
        .where(*_within(over, (kind,)), *which)
        .group_by(f.at)
        .order_by(f.at.desc())
    )
    for row in rows:
        yield row.at, int(row.total)


def _within(over: Over, kinds: Sequence[str]) -> tuple[Any, ...]:
    f = figures.c
    return (
        f.business_id == over.business_id,
        f.grain == over.grain,
        f.kind.in_(kinds),
        f.at >= over.since,
        f.at < over.until,
    )
