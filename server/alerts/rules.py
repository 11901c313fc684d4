"""What is wrong when: the one list of rules, which the house follows itself and writes down for Prometheus.

What a rule says, and what to do, stands under its name in the desk's words (`alerts.<language>.yml`).
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from prometheus_client import Gauge

from server.watching.readings import Reading, name_of
from telemetry import metrics

DAY_SECONDS: Final = 24 * 3600.0

AWAY: Final = "RelaisDatabaseAway"
"""Of this no number can be read: the house notices it by itself, and keeps it in no row."""


class Severity(StrEnum):
    """How soon somebody must look."""

    #: at once, also at night
    PAGE = "page"
    #: within the day
    TICKET = "ticket"


class Unit(StrEnum):
    """What the number counts."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that may be wrong: a gauge beyond its limit, for a while."""

    name: str
    gauge: Gauge
    limit: float
    holds: timedelta
    """So long it must be beyond the limit before anybody is told."""
    severity: Severity
    is_floor: bool = False
    """Whether below the limit is wrong, and not above."""
    by: str = ""
    """The label that tells one from another: each is an alert of its own. None: there is one."""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of labels; others do not count."""
    unit: Unit = Unit.COUNT

    @property
    def expression(self) -> str:
        """The same for Prometheus."""
        chosen = ",".join(
            f'{label}="{values[0]}"' if len(values) == 1 else f'{label}=~"{"|".join(values)}"'
            for label, values in self.only.items()
        )
        worst = ("min" if self.is_floor else "max") + (f" by ({self.by}) " if self.by else "")
        series = name_of(self.gauge) + (f"{{{chosen}}}" if chosen else "")
        return f"{worst}({series}) {'<' if self.is_floor else '>'} {self.limit:g}"

    def broken(self, readings: Iterable[Reading]) -> dict[str, float]:
        """The worst number of each that is beyond the limit, by what it is of."""
        is_beyond, worst = (operator.lt, min) if self.is_floor else (operator.gt, max)
        found: dict[str, float] = {}
        for each in readings:
            if each.gauge is self.gauge and self._counts(each) and is_beyond(each.value, self.limit):
                subject = each.labels.get(self.by, "")
                found[subject] = worst(found.get(subject, each.value), each.value)
        return found

    def _counts(self, reading: Reading) -> bool:
        return all(reading.labels.get(label) in values for label, values in self.only.items())


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        name="RelaisAnswersLate",
        gauge=metrics.TURNS_AGE_SECONDS,
        limit=60,
        holds=_minutes(2),
        severity=Severity.PAGE,
        unit=Unit.SECONDS,
    ),
    Rule(
        name="RelaisNewsLate",
        gauge=metrics.QUEUE_AGE_SECONDS,
        by="lane",
        only={"lane": ("critical", "immediate")},
        limit=60,
        holds=_minutes(2),
        severity=Severity.PAGE,
        unit=Unit.SECONDS,
    ),
    Rule(name="RelaisStopped", gauge=metrics.STOPS, limit=0, holds=_minutes(1), severity=Severity.PAGE),
    Rule(
        name="RelaisProviderStopped",
        gauge=metrics.PROVIDER_STOPPED,
        by="provider",
        only={"why": ("refused",)},
        limit=0,
        holds=_minutes(1),
        severity=Severity.PAGE,
    ),
    Rule(
        name="RelaisPartAway",
        gauge=metrics.PART_AWAY,
        by="part",
        limit=0,
        holds=_minutes(2),
        severity=Severity.PAGE,
    ),
    Rule(name="RelaisTokenRefused", gauge=metrics.TOKENS_REFUSED, limit=0, holds=_minutes(1), severity=Severity.PAGE),
    Rule(
        name="RelaisDiskNearlyFull",
        gauge=metrics.DISK_FREE_SHARE,
        is_floor=True,
        limit=0.1,
        holds=_minutes(5),
        severity=Severity.PAGE,
        unit=Unit.SHARE,
    ),
    Rule(
        name="RelaisProviderAway",
        gauge=metrics.PROVIDER_STOPPED,
        by="provider",
        only={"why": ("provider", "channel")},
        limit=0,
        holds=_minutes(5),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisSendsFail",
        gauge=metrics.FAILED_SHARE,
        by="channel",
        limit=0.2,
        holds=_minutes(10),
        severity=Severity.TICKET,
        unit=Unit.SHARE,
    ),
    Rule(
        name="RelaisNumberQuality",
        gauge=metrics.NUMBERS_WORRYING,
        only={"what": ("quality",)},
        limit=0,
        holds=_minutes(1),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisNumberStatus",
        gauge=metrics.NUMBERS_WORRYING,
        only={"what": ("status",)},
        limit=0,
        holds=_minutes(1),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisTemplatesStopped",
        gauge=metrics.TEMPLATES_STOPPED,
        by="state",
        limit=0,
        holds=_minutes(5),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisWebhooksFail",
        gauge=metrics.ENDPOINTS_FAILING,
        limit=0,
        holds=_minutes(5),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisTokenEnds",
        gauge=metrics.TOKEN_LEFT_SECONDS,
        is_floor=True,
        limit=7 * DAY_SECONDS,
        holds=_minutes(5),
        severity=Severity.TICKET,
        unit=Unit.SECONDS,
    ),
    Rule(
        name="RelaisPlansLate",
        gauge=metrics.PLANS_AGE_SECONDS,
        limit=120,
        holds=_minutes(5),
        severity=Severity.TICKET,
        unit=Unit.SECONDS,
    ),
    Rule(
        name="RelaisDeadLetters",
        gauge=metrics.DEAD_LETTERS_LATELY,
        by="channel",
        limit=20,
        holds=_minutes(1),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisTurnsParked",
        gauge=metrics.TURNS_PARKED_LATELY,
        limit=0,
        holds=_minutes(1),
        severity=Severity.TICKET,
    ),
    Rule(
        name="RelaisReviewBehind",
        gauge=metrics.REVIEW_LAG_SECONDS,
        limit=60,
        holds=_minutes(5),
        severity=Severity.TICKET,
        unit=Unit.SECONDS,
    ),
    Rule(
        name="RelaisFiguresBehind",
        gauge=metrics.FIGURES_LAG_SECONDS,
        limit=300,
        holds=_minutes(5),
        severity=Severity.TICKET,
        unit=Unit.SECONDS,
    ),
)
"""What the house and Prometheus both watch."""

BY_NAME: Final = {rule.name: rule for rule in RULES}
