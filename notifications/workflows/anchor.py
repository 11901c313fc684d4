"""What a plan hangs on, such as an appointment: when it begins, by whose clocks, and the moments around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """An appointment, a delivery: what delays count from."""

    type: str
    id: str
    starts_at: datetime
    """In its own timezone."""
    revision: int = 0

    @property
    def timezone(self) -> str:
        """IANA."""
        return str(self.starts_at.tzinfo)

    def around(self, length: timedelta) -> datetime:
        """The moment so much after it (before it, where negative), in UTC.

        Whole days are counted by the calendar: a day before 10:00 is 10:00, also across a change of the clocks.
        """
        days = timedelta(days=abs(length).days) * (-1 if length < timedelta() else 1)
        return (self.starts_at + days).astimezone(UTC) + (length - days)


def read_anchor(told: Mapping[str, Any], timezone: str = "UTC") -> Anchor:
    """An anchor as a trigger tells it; `timezone` is meant where it names none. Raises ValueError, in words."""
    named = told.get("timezone")
    try:
        zone = ZoneInfo(named or timezone)
    except (ValueError, OSError, LookupError):
        raise ValueError(f"has no timezone such as Africa/Brazzaville: {named}") from None
    try:
        starts_at = datetime.fromisoformat(str(told["starts_at"]))
    except (ValueError, LookupError):
        raise ValueError("starts_at is no moment such as 2026-12-05T19:30:00+01:00") from None
    local = starts_at.replace(tzinfo=zone) if starts_at.tzinfo is None else starts_at.astimezone(zone)
    if not 2000 <= local.year <= 2200:
        raise ValueError("starts_at is of no year that anybody plans for")
    return Anchor(
        type=str(told.get("type", "")),
        id=str(told.get("id", "")),
        starts_at=local,
        revision=int(told.get("revision") or 0),
    )
