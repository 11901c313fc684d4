"""Tables of figures over time: a row for each hour, day or week, drawn as a plot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from figures.reading import Sums
from server.desk.overview.links import Links
from server.desk.overview.period import Period
from server.desk.overview.tables import Cell, Column, Table, columns, share
from server.desk.words import WRITTEN_AS

MOST_INTENTS: Final = 6
"""Of one plot: more colours nobody tells apart."""

_NOTHING: Final = Sums()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What every plot over time is made of."""

    period: Period
    found: Mapping[datetime, Sums]
    links: Links
    language: str
    now: datetime

    def points(self) -> list[tuple[datetime, datetime, Sums]]:
        """Each hour, day or week, with what was counted."""
        return [(at, end, self.found.get(at, _NOTHING)) for at, end in self.period.points(self.now)]

    def label(self, at: datetime) -> Cell:
        """How a point is called."""
        local, written_as = at.astimezone(ZoneInfo(self.period.timezone)), WRITTEN_AS[self.language]
        if self.period.unit == "hour":
            shown = format_time(local, "short", tzinfo=local.tzinfo, locale=written_as)
        else:
            shown = format_date(local, "d MMM", locale=written_as)
        return Cell(value=local.isoformat(timespec="minutes"), shown=str(shown))


def traffic(drawn: Drawn) -> Table:
    """Messages in and out."""
    rows = []
    for at, end, found in drawn.points():
        out = sum(found.of("out", channel) for channel in found.named("out") if channel != "webhook")
        failed = sum(found.of("out", channel, ["failed"]) for channel in found.named("out") if channel != "webhook")
        rows.append(
            [
                drawn.label(at),
                Cell(value=found.of("in"), href=drawn.links.talks((at, end))),
                Cell(value=out - failed, href=drawn.links.messages((at, end))),
                Cell(value=failed, href=drawn.links.messages((at, end), status="failed")),
            ]
        )
    return Table(key="traffic", columns=columns("at", "in", "out_well", "failed"), rows=rows, plot="bars")


def understanding(drawn: Drawn) -> Table:
    """Of what people wrote, how much was not understood."""
    rows = []
    for at, end, found in drawn.points():
        turns, lost = found.of("turn"), found.of("turn", details=["lost"])
        rows.append(
            [
                drawn.label(at),
                share(lost, turns, drawn.links.talks((at, end), fallback="true")),
                Cell(value=lost, href=drawn.links.talks((at, end), fallback="true")),
                Cell(value=turns, href=drawn.links.talks((at, end))),
            ]
        )
    return Table(key="understanding", columns=columns("at", "lost_share", "lost", "turns"), rows=rows, plot="line")


def intents_in_time(drawn: Drawn, whole: Sums) -> Table:
    """The most frequent intents, and the others together."""
    counts = whole.named("intent")
    named = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_INTENTS]
    rows = []
    for at, end, found in drawn.points():
        here = found.named("intent")
        cells = [
            Cell(value=here.get(name, 0), href=drawn.links.talks((at, end), intent=name) if name in here else None)
            for name in named
        ]
        others = sum(count for name, count in here.items() if name not in named)
        rows.append([drawn.label(at), *cells, Cell(value=others, href=drawn.links.talks((at, end)))])
    heads = (Column(key="at"), *(Column(key=name, name=name) for name in named), Column(key="others"))
    return Table(key="intents_in_time", columns=heads, rows=rows, plot="stacked")
