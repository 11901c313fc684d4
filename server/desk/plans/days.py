"""The days of a calendar, by the clock of a business. Pure."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from notifications.plans.ahead import Span
from server.desk.overview.period import midnight

type View = Literal["month", "week"]

FARTHEST: Final = timedelta(days=5 * 366)
"""How far ahead one may leaf."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a calendar shows at once: whole weeks, Monday first."""

    view: View
    days: Sequence[date]
    """All that are drawn, those that are over or of another month included."""
    first: date
    """Of the month or week."""
    last: date
    today: date

    @property
    def ahead(self) -> list[date]:
        """Its days that are not over."""
        return [day for day in self.days if max(self.first, self.today) <= day <= self.last]

    @property
    def before(self) -> date | None:
        """A day of the leaf before it; None where that is over."""
        return self.first - timedelta(days=1) if self.first > self.today else None

    @property
    def after(self) -> date | None:
        """A day of the leaf behind it."""
        following = self.last + timedelta(days=1)
        return following if following <= self.today + FARTHEST else None


def leaf(view: View, asked: date | None, today: date) -> Leaf:
    """The month or week of a day; of today, where that day is over or too far."""
    day = asked if asked is not None and today <= asked <= today + FARTHEST else today
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        return Leaf(view, [monday + timedelta(days=each) for each in range(7)], monday, monday + timedelta(6), today)
    first = day.replace(day=1)
    days = list(Calendar().itermonthdates(day.year, day.month))
    last = max(each for each in days if each.month == day.month)
    return Leaf(view, days, first, last, today)


def today_at(timezone: str, now: datetime) -> date:
    """Which day it is there."""
    return now.astimezone(ZoneInfo(timezone)).date()


def span_of(day: date, timezone: str, now: datetime) -> Span:
    """A day as moments; of today, what is left of it."""
    return max(now, midnight(day, timezone)), max(now, midnight(day + timedelta(days=1), timezone))
