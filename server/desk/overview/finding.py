"""Reads what the page Overview shows of a business and a time, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.engine import Connection

from figures import keeping
from figures.reading import Sums, series, sums
from figures.spans import share
from notifications.prices.pricing import MILLIONTHS
from server.desk.overview import plots, speaking
from server.desk.overview.links import Links
from server.desk.overview.period import Period, chosen, month_of
from server.desk.overview.tables import Table
from server.desk.visit import House
from server.desk.words import Words

REACHED: Final = ("delivered", "read")
LEFT: Final = ("sent", "unknown", "failed", *REACHED)
TO_BUSINESS: Final = "webhook"
"""The channel on which nobody is spoken to."""

IN_TIME: Final = ("in", "out", "turn", "intent")
"""Kinds that are drawn over time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A number that is read first; its words are overview.cards.<key>."""

    key: str
    value: float | None
    before: float | None
    """The same of the time before."""
    kind: str = "number"
    """number, share, seconds, stars, or the currency of an amount."""
    href: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything of the page."""

    cards: Sequence[Card]
    tables: dict[str, Table]
    counted_at: datetime | None
    behind: keeping.Behind


def find(
    connection: Connection, house: House, period: Period, links: Links, words: Words, language: str, now: datetime
) -> Found:
    """Read it."""
    over = period.over(house.id)
    found = sums(connection, over)
    earlier = sums(connection, period.before().over(house.id))
    in_time: dict[datetime, Sums] = {}
    for at, each in series(connection, over, IN_TIME).items():
        point = period.point_of(at)
        in_time[point] = added(in_time.get(point), each)
    drawn = plots.Drawn(period, in_time, links, language, now)
    tables = (
        plots.traffic(drawn),
        plots.understanding(drawn),
        plots.intents_in_time(drawn, found),
        speaking.channels(found, links, words),
        speaking.templates(found, links),
        speaking.workflows(found, links),
        speaking.failures(found, links, words),
        speaking.answers(found, words),
        speaking.intents(found, links),
        *speaking.funnels(found, links, words),
        speaking.ratings(found, links),
        speaking.handoffs(found, links, words),
        speaking.costs(found, words),
    )
    return Found(
        cards=[*_cards(found, earlier, links), *_costs(connection, house, links, now)],
        tables={table.key: table for table in tables},
        counted_at=keeping.counted_at(connection, house.id),
        behind=keeping.behind(connection),
    )


def added(one: Sums | None, other: Sums) -> Sums:
    """Both together."""
    if one is None:
        return other
    counts = dict(one.counts)
    for key, count in other.counts.items():
        counts[key] = counts.get(key, 0) + count
    return Sums(counts)


def to_people(found: Sums) -> dict[str, int]:
    """How many messages were made for people, by status."""
    by_status: dict[str, int] = {}
    for channel, statuses in found.by_name("out").items():
        if channel != TO_BUSINESS:
            for status, count in statuses.items():
                by_status[status] = by_status.get(status, 0) + count
    return by_status


def part(statuses: dict[str, int], wanted: Sequence[str], of: Sequence[str]) -> float | None:
    """Which share of messages in these statuses are in those."""
    whole = sum(statuses.get(each, 0) for each in of)
    return sum(statuses.get(each, 0) for each in wanted) / whole if whole else None


def _cards(found: Sums, earlier: Sums, links: Links) -> list[Card]:
    now, then = to_people(found), to_people(earlier)
    asked, was_asked = _asked(found), _asked(earlier)
    return [
        Card(key="in", value=found.of("in"), before=earlier.of("in"), href=links.talks()),
        Card(key="out", value=sum(now.values()), before=sum(then.values()), href=links.messages()),
        Card(key="delivered", kind="share", value=part(now, REACHED, LEFT), before=part(then, REACHED, LEFT),
             href=links.arrived(*REACHED)),
        Card(key="read", kind="share", value=part(now, ("read",), REACHED), before=part(then, ("read",), REACHED),
             href=links.arrived("read")),
        Card(key="failed", value=now.get("failed", 0), before=then.get("failed", 0), href=links.arrived("failed")),
        Card(key="answer", kind="seconds", value=share(found.named("answer"), 0.5),
             before=share(earlier.named("answer"), 0.5), href=links.talks()),
        Card(key="lost", kind="share", value=_lost(found), before=_lost(earlier), href=links.talks(fallback="true")),
        Card(key="handoffs", value=asked, before=was_asked, href=links.talks(human="true")),
        Card(key="rating", kind="stars", value=_stars(found), before=_stars(earlier),
             href=links.talks(action=speaking.RATED)),
        Card(key="orders", value=found.of("step", "ordering.done"), before=earlier.of("step", "ordering.done"),
             href=links.talks(slot="order_placed")),
        Card(key="parcels", value=found.of("step", "parcel.done"), before=earlier.of("step", "parcel.done"),
             href=links.talks(slot="parcel_created")),
    ]  # fmt: skip


def _costs(connection: Connection, house: House, links: Links, now: datetime) -> list[Card]:
    """What was spent today and in this month so far, in each currency; whatever time the page is about."""
    today = chosen("today", None, None, house, now)
    month = month_of(today)
    spent = [
        sums(connection, each.over(house.id)).named("cost")
        for each in (today, today.before(), month, month.before_month())
    ]
    return [
        Card(
            key=key,
            kind=currency,
            value=here.get(currency, 0) / MILLIONTHS,
            before=then.get(currency, 0) / MILLIONTHS,
            href=links.over(period).messages(),
        )
        for currency in sorted({name for each in spent for name in each})
        for key, period, here, then in (
            ("cost_today", today, spent[0], spent[1]),
            ("cost_month", month, spent[2], spent[3]),
        )
    ]


def _asked(found: Sums) -> int:
    return found.of("handoff", "asked") + found.of("handoff", "lost")


def _lost(found: Sums) -> float | None:
    whole = found.of("turn")
    return found.of("turn", details=["lost"]) / whole if whole else None


def _stars(found: Sums) -> float | None:
    given = {int(name): count for name, count in found.named("rating").items() if name.isdigit()}
    whole = sum(given.values())
    return sum(stars * count for stars, count in given.items()) / whole if whole else None
