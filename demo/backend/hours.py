"""Opening hours: whether a shop is open, and when it opens next."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_AHEAD_DAYS = 8  # one more than a week: today's hours may be over

type Hours = Mapping[str, str]  # "mon-fri" → "08:00-19:00"; after midnight, "18:00-02:00"


def is_open(hours: Hours, timezone: str, now: datetime) -> bool:
    """Whether it is open now; yesterday's hours may reach into today."""
    here = now.astimezone(ZoneInfo(timezone))
    return any(start <= here < end for start, end in _openings(hours, here, days_back=1, days_ahead=0))


def opens_at(hours: Hours, timezone: str, now: datetime) -> datetime | None:
    """When it opens next; None where it never does."""
    here = now.astimezone(ZoneInfo(timezone))
    starts = (start for start, _ in _openings(hours, here, days_back=0, days_ahead=LOOKED_AHEAD_DAYS))
    return min((start for start in starts if start > here), default=None)


def _openings(hours: Hours, here: datetime, *, days_back: int, days_ahead: int) -> Iterator[tuple[datetime, datetime]]:
    for days, span in hours.items():
        for offset in range(-days_back, days_ahead + 1):
            day = here.date() + timedelta(days=offset)
            if DAYS[day.weekday()] in _named(days):
                yield _times(span, day, here)


def _named(days: str) -> tuple[str, ...]:
    """The days from the first to the last, over the end of the week where it must be."""
    first, _, last = days.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return DAYS[start : end + 1] if start <= end else DAYS[start:] + DAYS[: end + 1]


def _times(span: str, day: date, here: datetime) -> tuple[datetime, datetime]:
    opens, closes = span.split("-")
    start = _moment(day, opens, here)
    end = _moment(day, closes, here)
    return start, end if end > start else end + timedelta(days=1)


def _moment(day: date, clock_time: str, here: datetime) -> datetime:
    if clock_time == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), here.tzinfo)
    return datetime.combine(day, time.fromisoformat(clock_time), here.tzinfo)
