"""Moments: a day and a time as people of a place read them."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

TIME = "HH:mm"


def format_moment(moment: datetime, timezone: str, locale: str) -> str:
    """ "lun. 27 janv., 14:30" at the clocks of the time zone (IANA)."""
    return _formatted(moment, timezone, locale)


# One moment is said to many, and Babel takes longer than all the rest of a message.
@lru_cache(maxsize=8192)
def _formatted(moment: datetime, timezone: str, locale: str) -> str:
    zone = ZoneInfo(timezone)
    day = format_skeleton("MMMEd", moment.astimezone(zone), locale=locale)
    return f"{day}, {format_time(moment, TIME, tzinfo=zone, locale=locale)}"
