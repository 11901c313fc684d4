"""Tables of figures of a whole time: by channel, template, workflow, reason, intent, station, stars, hand-off."""

from collections.abc import Iterator, Mapping
from typing import Final

from figures.reading import Sums
from figures.spans import NAMES
from figures.spans import share as spread
from figures.steps import FUNNELS
from notifications.prices.pricing import MILLIONTHS
from server.desk.overview.links import Links
from server.desk.overview.tables import Cell, Table, columns, share
from server.desk.reasons import reason_of
from server.desk.words import Words

REACHED: Final = ("delivered", "read")
LEFT: Final = ("sent", "unknown", "failed", *REACHED)
MOST_ROWS: Final = 40
"""Of one table on the page and in its file; who wants the rarest asks for fewer days."""

_HOW_IT_WENT: Final = ("made", "left", "delivered_share", "read_share", "failed")

RATED: Final = "action_send_rating"
"""What the bot does in a talk in which somebody gave stars."""


def channels(found: Sums, links: Links, words: Words) -> Table:
    """How what was sent on each channel went."""
    spoken = words["console"]["channels"]
    named = found.by_name("out")
    rows = [
        [Cell(value=name, shown=spoken.get(name), href=links.messages(channel=name)),
         *_went(named[name], links, channel=name)]
        for name in _largest(named)
    ]  # fmt: skip
    return Table(key="channels", columns=columns("channel", *_HOW_IT_WENT), rows=rows)


def templates(found: Sums, links: Links) -> Table:
    """The same of each template."""
    return _named(found.by_name("template"), links, "templates", "template")


def workflows(found: Sums, links: Links) -> Table:
    """The same of each workflow."""
    return _named(found.by_name("workflow"), links, "workflows", "workflow")


def failures(found: Sums, links: Links, words: Words) -> Table:
    """Why messages failed, and what is to be done."""
    spoken = words["console"]["channels"]
    counted = {(channel, code): count for channel, codes in found.by_name("failed").items()
               for code, count in codes.items()}  # fmt: skip
    rows = []
    for (channel, code), count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_ROWS]:
        where = links.messages(channel=channel, status="failed", **({"code": code} if code else {}))
        why = reason_of(words, channel, int(code) if code else None) or words["overview"]["no_reason"]
        rows.append(
            [
                Cell(value=code, shown=why),
                Cell(value=channel, shown=spoken.get(channel)),
                Cell(value=code),
                Cell(value=count, href=where),
            ]
        )
    return Table(key="failures", columns=columns("why", "channel", "code", "messages"), rows=rows)


def answers(found: Sums, words: Words) -> Table:
    """How long people waited for the assistant's answers."""
    counts, spoken = found.named("answer"), words["overview"]["spans"]
    rows = [[Cell(value=name, shown=spoken[f"s{name}"]), Cell(value=counts.get(name, 0))] for name in NAMES]
    notes = {"half": spread(counts, 0.5), "most": spread(counts, 0.95)}
    return Table(key="answers", columns=columns("within", "answers"), rows=rows, plot="bars", notes=notes)


def intents(found: Sums, links: Links) -> Table:
    """What people wanted."""
    counts = found.named("intent")
    whole = sum(counts.values())
    rows = [
        [Cell(value=name, href=links.talks(intent=name)), Cell(value=counts[name], href=links.talks(intent=name)),
         share(counts[name], whole)]
        for name in sorted(counts, key=lambda each: (-counts[each], each))[:MOST_ROWS]
    ]  # fmt: skip
    return Table(key="intents", columns=columns("intent", "turns", "share"), rows=rows)


def funnels(found: Sums, links: Links, words: Words) -> Iterator[Table]:
    """How many talks came how far."""
    reached = found.named("step")
    for funnel, steps in FUNNELS.items():
        counts = [reached.get(f"{funnel}.{step.name}", 0) for step in steps]
        rows = []
        for place, (step, count) in enumerate(zip(steps, counts, strict=True)):
            where = links.talks(**{step.kind: step.mark})
            rows.append(
                [
                    Cell(value=step.name, shown=words["overview"]["steps"][funnel][step.name]),
                    Cell(value=count, href=where),
                    share(count, counts[0]),
                    share(count, counts[place - 1]) if place else Cell(value=None),
                ]
            )
        yield Table(key=funnel, columns=columns("step", "talks", "of_first", "of_before"), rows=rows, plot="funnel")


def ratings(found: Sums, links: Links) -> Table:
    """How many stars people gave."""
    counts = found.named("rating")
    rows = [
        [Cell(value=str(stars), shown="★" * stars),
         Cell(value=counts.get(str(stars), 0), href=links.talks(action=RATED))]
        for stars in range(5, 0, -1)
    ]  # fmt: skip
    return Table(key="ratings", columns=columns("stars", "ratings"), rows=rows, plot="funnel")


def handoffs(found: Sums, links: Links, words: Words) -> Table:
    """Why talks came to humans, and what became of them."""
    spoken, rows = words["overview"]["handoff_reasons"], []
    for reason, became in sorted(found.by_name("handoff").items()):
        taken, waiting = became.get("taken", 0), became.get("waiting", 0)
        rows.append(
            [
                Cell(value=reason, shown=spoken.get(reason, reason)),
                Cell(value=sum(became.values()), href=links.talks(human="true")),
                Cell(value=taken),
                Cell(value=waiting, href="/team" if waiting else None),
                Cell(value=sum(became.values()) - taken - waiting),
            ]
        )
    waited = found.named("taken")
    notes = {"half": spread(waited, 0.5), "most": spread(waited, 0.95)}
    heads = columns("reason", "asked", "taken", "waiting", "nobody")
    return Table(key="handoffs", columns=heads, rows=rows, notes=notes)


def costs(found: Sums, words: Words) -> Table:
    """What messages cost, by what they are billed as: as receipts told, else as estimated."""
    spoken = words["overview"]["billed"]
    rows = [
        [Cell(value=category, shown=spoken.get(category)), Cell(value=currency), Cell(value=amount / MILLIONTHS)]
        for currency, categories in sorted(found.by_name("cost").items())
        for category, amount in sorted(categories.items(), key=lambda each: (-each[1], each[0]))
    ]
    return Table(key="costs", columns=columns("billed", "currency", "amount"), rows=rows)


def _named(named: Mapping[str, Mapping[str, int]], links: Links, key: str, which: str) -> Table:
    rows = [
        [Cell(value=name, href=links.messages(**{which: name})), *_went(named[name], links, **{which: name})]
        for name in _largest(named)
    ]
    return Table(key=key, columns=columns(which, *_HOW_IT_WENT), rows=rows)


def _went(statuses: Mapping[str, int], links: Links, **which: str) -> list[Cell]:
    left = sum(statuses.get(each, 0) for each in LEFT)
    reached = sum(statuses.get(each, 0) for each in REACHED)
    return [
        Cell(value=sum(statuses.values()), href=links.messages(**which)),
        Cell(value=left, href=links.arrived(*LEFT, **which)),
        share(reached, left, links.arrived(*REACHED, **which)),
        share(statuses.get("read", 0), reached, links.arrived("read", **which)),
        Cell(value=statuses.get("failed", 0), href=links.arrived("failed", **which)),
    ]


def _largest(named: Mapping[str, Mapping[str, int]]) -> list[str]:
    return sorted(named, key=lambda name: (-sum(named[name].values()), name))[:MOST_ROWS]
