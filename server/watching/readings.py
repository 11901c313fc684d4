"""What gauges read now: one list, which is told to Prometheus and judged by the house's own alerts."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from prometheus_client import Gauge
from sqlalchemy.engine import Connection

from server.watching import depths, troubles
from telemetry import metrics

ASKED_ABOUT: Final = ("bot", "actions", "backend", "whatsapp")
"""Parts that are asked whether they answer; how the others are is told by numbers of their own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a gauge."""

    gauge: Gauge
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def name_of(gauge: Gauge) -> str:
    """As Prometheus knows it."""
    (family,) = gauge.describe()
    return family.name


def read(connection: Connection) -> list[Reading]:
    """Everything that the database tells."""
    return [*_waiting(depths.read(connection)), *_wrong(troubles.read(connection))]


def of_parts(parts: Mapping[str, str]) -> list[Reading]:
    """Which parts do not answer; `parts` is what a checkup found."""
    return [
        Reading(metrics.PART_AWAY, float(parts[name] != "ok"), {"part": name}) for name in ASKED_ABOUT if name in parts
    ]


def of_disk(folder: Path) -> list[Reading]:
    """How much is free where this folder is; nothing where that cannot be told."""
    try:
        disk = shutil.disk_usage(folder)
    except OSError:
        return []
    return [Reading(metrics.DISK_FREE_SHARE, disk.free / disk.total)]


def tell(readings: list[Reading]) -> None:
    """Set every gauge to what was read; what was there before and is not any more is told no longer."""
    for gauge in _BY_LABEL:
        gauge.clear()
    for each in readings:
        (each.gauge.labels(**each.labels) if each.labels else each.gauge).set(each.value)


_BY_LABEL: Final = (
    metrics.QUEUED,
    metrics.QUEUE_AGE_SECONDS,
    metrics.IN_FLIGHT,
    metrics.DEAD_LETTERS,
    metrics.DEAD_LETTERS_LATELY,
    metrics.PROVIDER_STOPPED,
    metrics.PART_AWAY,
    metrics.FAILED_SHARE,
    metrics.NUMBERS_WORRYING,
    metrics.TEMPLATES_STOPPED,
)


def _waiting(found: depths.Depths) -> Iterator[Reading]:
    for lane, queue in found.queued.items():
        yield Reading(metrics.QUEUED, queue.count, {"lane": lane})
        yield Reading(metrics.QUEUE_AGE_SECONDS, queue.age_seconds, {"lane": lane})
    for status, count in found.in_flight.items():
        yield Reading(metrics.IN_FLIGHT, count, {"status": status})
    for channel, count in found.dead.items():
        yield Reading(metrics.DEAD_LETTERS, count, {"channel": channel})
    yield Reading(metrics.PLANS_DUE, found.plans.count)
    yield Reading(metrics.PLANS_AGE_SECONDS, found.plans.age_seconds)
    yield Reading(metrics.TURNS_WAITING, found.turns.count)
    yield Reading(metrics.TURNS_AGE_SECONDS, found.turns.age_seconds)
    yield Reading(metrics.TURNS_PARKED, found.turns_parked)
    yield Reading(metrics.REVIEW_WAITING, found.review.turns)
    yield Reading(metrics.REVIEW_LAG_SECONDS, found.review.seconds)
    yield Reading(metrics.FIGURES_HOURS, found.figures.hours)
    yield Reading(metrics.FIGURES_LAG_SECONDS, found.figures.seconds)
    yield Reading(metrics.HANDOFFS_WAITING, found.handoffs_waiting)
    yield Reading(metrics.STOPS, found.stops)
    for outage in found.outages:
        yield Reading(metrics.PROVIDER_STOPPED, 1, {"provider": outage.name, "why": outage.kind.value})


def _wrong(found: troubles.Troubles) -> Iterator[Reading]:
    for channel, share in found.failed_share.items():
        yield Reading(metrics.FAILED_SHARE, share, {"channel": channel})
    for channel, count in found.dead_lately.items():
        yield Reading(metrics.DEAD_LETTERS_LATELY, count, {"channel": channel})
    yield Reading(metrics.TURNS_PARKED_LATELY, found.parked_lately)
    for what, count in found.numbers.items():
        yield Reading(metrics.NUMBERS_WORRYING, count, {"what": what})
    for state, count in found.templates.items():
        yield Reading(metrics.TEMPLATES_STOPPED, count, {"state": state})
    yield Reading(metrics.ENDPOINTS_FAILING, found.endpoints_failing)
    if found.tokens is not None:
        yield Reading(metrics.TOKENS_REFUSED, found.tokens.refused)
        yield Reading(metrics.TOKEN_AGE_SECONDS, found.tokens.oldest_seconds)
        yield Reading(metrics.TOKEN_LEFT_SECONDS, found.tokens.left_seconds)
