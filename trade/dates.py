"""Dates and times as people of a place write them."""

from datetime import datetime

from babel.dates import format_date, format_datetime, get_timezone


def format_day(at: datetime, locale: str, timezone: str) -> str:
    """The day of a moment, where the reader lives: "27 janv. 2025"."""
    return format_date(at.astimezone(get_timezone(timezone)), "medium", locale=locale.replace("-", "_"))


def format_moment(at: datetime, locale: str, timezone: str) -> str:
    """The day and the hour of a moment, where the reader lives: "27 janv. 2025, 15:42"."""
    time = format_datetime(at.astimezone(get_timezone(timezone)), "HH:mm", locale=locale.replace("-", "_"))
    return f"{format_day(at, locale, timezone)}, {time}"
