"""Opening hours as business.yml and the contract write them: whether it is open, until when, or when it opens. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WEEK: Final = 7  # days
_TIMES: Final = re.compile(r"\d\d:\d\d-\d\d:\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How it is at a moment; both None where it never opens."""

    #: it is open now, until then
    until: datetime | None = None
    #: it is closed now, and opens then
    opens_at: datetime | None = None


def opening(hours: Iterable[tuple[str, str]], now: datetime) -> Opening:
    """How it is at `now`, which is in the zone of the hours: ("mon-fri", "08:00-19:00"), ("sat", "09:00-17:00").

    A span that ends before it begins goes on after midnight; one that ends when it begins is a whole day. What nobody
    can read counts as closed.
    """
    spans = sorted(span for day in range(-1, _WEEK + 1) for span in _spans(hours, now, day))
    until = max((end for start, end in spans if start <= now < end), default=None)
    if until is not None:
        return Opening(until=until)
    return Opening(opens_at=next((start for start, _ in spans if start > now), None))


def spans_days(days: str) -> bool:
    """Whether this is a day, or days, such as "sat" or "mon-fri"."""
    return bool(_weekdays(days)) and days.count("-") <= 1


def reads_times(times: str) -> bool:
    """Whether this is from when to when, such as "08:00-19:00" or "18:00-24:00"."""
    return bool(_TIMES.fullmatch(times)) and all(_time(each) is not None for each in times.split("-"))


def _spans(hours: Iterable[tuple[str, str]], now: datetime, days_on: int) -> list[tuple[datetime, datetime]]:
    """From when to when on the day that is so many days on."""
    day = (now + timedelta(days=days_on)).date()
    found = []
    for days, times in hours:
        begin, end = _time(times.partition("-")[0]), _time(times.partition("-")[2])
        if begin is None or end is None or day.weekday() not in _weekdays(days):
            continue
        last = day if end > begin else day + timedelta(days=1)
        found.append((datetime.combine(day, begin, tzinfo=now.tzinfo), datetime.combine(last, end, tzinfo=now.tzinfo)))
    return found


def _weekdays(days: str) -> set[int]:
    """0 is Monday; "fri-mon" goes over the week's end."""
    first, _, last = days.strip().lower().partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        return set()
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return {(begin + step) % _WEEK for step in range((end - begin) % _WEEK + 1)}


def _time(text: str) -> time | None:
    try:
        hour, _, minute = text.strip().partition(":")
        return time(int(hour), int(minute))
    except ValueError:
        return time(0) if text.strip() == "24:00" else None
