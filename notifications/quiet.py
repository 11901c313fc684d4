"""Quiet hours: what can wait is not told at night. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from trade.hours import opening

type Quiet = Literal["heed", "ignore"]
"""What a workflow says of them, whatever its category."""

CATEGORIES: Final = ("reminders", "marketing")
"""Those that wait where a business names none: news of what somebody waits for does not."""

ALWAYS: Final = frozenset({"inapp", "webhook"})
"""Channels that wake nobody."""

MOST_SPANS: Final = 16
"""That follow each other without a gap: two of each day of a week. What is always quiet ends after so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When a business lets people rest, by each person's own clocks."""

    times: tuple[tuple[str, str], ...]
    """("mon-sun", "21:00-08:00"); what ends before it begins goes on after midnight."""
    categories: frozenset[str] = frozenset(CATEGORIES)

    def end(self, now: datetime, timezone: str) -> datetime | None:
        """Until when it is quiet for somebody there, in UTC; None where it is not."""
        local = now.astimezone(ZoneInfo(timezone))
        until = local
        for _ in range(MOST_SPANS):
            span = opening(self.times, until)
            if span.until is None:
                break
            until = span.until
        return until.astimezone(UTC) if until != local else None

    def are_for(self, category: str, lane: str, channel: str, said: Quiet | None = None) -> bool:
        """Whether a message of this kind waits for their end. What is critical never does."""
        if lane == "critical" or channel in ALWAYS or said == "ignore":
            return False
        return said == "heed" or category in self.categories


def read_quiet_hours(kept: Mapping[str, Any] | None) -> QuietHours | None:
    """As `businesses.quiet_hours` keeps them."""
    if not kept or not kept.get("times"):
        return None
    categories: Iterable[str] | None = kept.get("categories")
    times = tuple((str(days), str(span)) for days, span in kept["times"].items())
    return QuietHours(times=times, categories=frozenset(CATEGORIES if categories is None else categories))


def in_words(until: datetime, timezone: str) -> str:
    """Such as "Quiet hours until Mon 08:00 (Africa/Brazzaville)"."""
    return f"Quiet hours until {until.astimezone(ZoneInfo(timezone)):%a %H:%M} ({timezone})"


def waits_in_words(
    quiet: QuietHours | None, category: str, lane: str, channels: Collection[str], said: Quiet | None
) -> str:
    """What becomes of a workflow in quiet hours, for whoever writes it."""
    if quiet is None:
        return "as its business says" if said is None else f"the workflow {said}s those of its business"
    times = ", ".join(f"{days} {span}" for days, span in quiet.times)
    waiting = [channel for channel in channels if quiet.are_for(category, lane, channel, said)]
    return f"{times}; {'waits by ' + ', '.join(waiting) if waiting else 'goes nonetheless'}"
