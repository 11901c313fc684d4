"""When a merchant opens, as one says it today."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from actions.words import compose

TIME = "HH:mm"


def opens(opens_at: datetime | None, timezone: str, language: str, now: datetime) -> str:
    """ "à 11:00", "demain à 08:30", "mardi à 08:30"; "" where nobody knows."""
    if opens_at is None:
        return ""
    zone = ZoneInfo(timezone)
    there = opens_at.astimezone(zone)
    days = (there.date() - now.astimezone(zone).date()).days
    return compose(
        "shop_opens",
        language,
        days=days,
        day=format_skeleton("EEEE" if days < 7 else "MMMEd", there, locale=language),
        time=format_time(there, TIME, locale=language),
    )
