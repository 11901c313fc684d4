"""Which time a page of figures is about, by the clock of its business. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from figures.reading import Over
from server.desk.visit import House

type Choice = Literal["today", "week", "month", "custom"]

LENGTHS: Final = {"today": 1, "week": 7, "month": 30}
"""Days, of which today is the last."""

LONGEST: Final = 366
"""Days of a time that one chooses oneself."""

BY_WEEK: Final = 45
"""From so many days on, a plot has a point for each week and not for each day: as much as fits a screen."""

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    choice: Choice
    first: date
    last: date
    timezone: str

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def unit(self) -> str:
        """hour, day or week: what a point of a plot stands for."""
        return "hour" if self.days == 1 else "day" if self.days <= BY_WEEK else "week"

    def over(self, business_id: str) -> Over:
        """Its rows of figures."""
        return Over(
            business_id=business_id,
            since=self._midnight(self.first),
            until=self._midnight(self.last + DAY),
            grain="hour" if self.unit == "hour" else "day",
        )

    def before(self) -> "Period":
        """As many days before it."""
        length = timedelta(days=self.days)
        return Period(self.choice, self.first - length, self.last - length, self.timezone)

    def before_month(self) -> "Period":
        """The whole month before that of its first day."""
        last = self.first.replace(day=1) - DAY
        return Period(self.choice, last.replace(day=1), last, self.timezone)

    def points(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Beginning and end of each point of a plot, in UTC, as far as there is something by now."""
        at, end = self._midnight(self.first), min(self._midnight(self.last + DAY), now)
        while at < end:
            following = self._after(at)
            yield at, following
            at = following

    def point_of(self, at: datetime) -> datetime:
        """The beginning of the point that an hour or a day is part of."""
        if self.unit != "week":
            return at
        day = at.astimezone(ZoneInfo(self.timezone)).date()
        return self._midnight(self.first + timedelta(days=(day - self.first).days // 7 * 7))

    def _after(self, at: datetime) -> datetime:
        if self.unit == "hour":
            return at + HOUR
        day = at.astimezone(ZoneInfo(self.timezone)).date()
        return self._midnight(day + (DAY if self.unit == "day" else timedelta(days=7)))

    def _midnight(self, day: date) -> datetime:
        return midnight(day, self.timezone)


def midnight(day: date, timezone: str) -> datetime:
    """Where a day begins by this clock, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def month_of(period: Period) -> Period:
    """The month of its last day, until that day."""
    return Period("month", period.last.replace(day=1), period.last, period.timezone)


def chosen(choice: Choice, since: date | None, until: date | None, house: House, now: datetime) -> Period:
    """The time that was asked for. A custom one that makes no sense ends where it can: no page is refused for it."""
    today = now.astimezone(ZoneInfo(house.timezone)).date()
    if choice != "custom":
        return Period(choice, today - timedelta(days=LENGTHS[choice] - 1), today, house.timezone)
    last = min(until or today, today)
    first = min(since or last, last)
    return Period("custom", max(first, last - timedelta(days=LONGEST - 1)), last, house.timezone)
