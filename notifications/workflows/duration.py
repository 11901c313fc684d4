"""Lengths of time as a workflow writes them: "90s", "15m", "2h", "1d", "1h30m"."""

import re
from datetime import timedelta
from typing import Final

LONGEST: Final = timedelta(days=366)
"""Our choice: what is to happen later than in a year is a matter of a calendar."""

_DURATION: Final = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?")


def read_duration(text: str) -> timedelta:
    """Raises ValueError, in words, for what is no length of time between a second and a year."""
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        raise ValueError("is not a length of time such as 90s, 15m, 2h, 1d or 1h30m")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta(0) < length <= LONGEST:
        raise ValueError(f"is not between one second and {LONGEST.days} days")
    return length
