"""The ways from figures to the rows behind them. Pure."""

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from server.desk.overview.period import Period
from server.desk.visit import House

type Within = tuple[datetime, datetime]
"""Beginning and end of a point of a plot."""


class Links:
    """Of one business and one time."""

    def __init__(self, house: House, period: Period, *, to_messages: bool, to_talks: bool) -> None:
        """`to_messages`, `to_talks`: whether the reader may open these."""
        self._house = house
        self._period = period
        self._to_messages = to_messages
        self._to_talks = to_talks

    def over(self, period: Period) -> "Links":
        """The same of another time."""
        return Links(self._house, period, to_messages=self._to_messages, to_talks=self._to_talks)

    def messages(self, within: Within | None = None, /, **which: str) -> str | None:
        """Messages of the whole time, or of a point of it."""
        if not self._to_messages:
            return None
        return "/messages?" + urlencode([("business", self._house.slug), *self._moments(within), *which.items()])

    def arrived(self, *statuses: str, **which: str) -> str | None:
        """Messages of the whole time in one of these statuses."""
        base = self.messages(**which)
        return base and base + "".join(f"&status={status}" for status in statuses)

    def talks(self, within: Within | None = None, /, **which: str) -> str | None:
        """Talks of the whole time, or of the days of a point of it."""
        if not self._to_talks:
            return None
        first, last = self._period.first, self._period.last
        if within is not None:
            zone = ZoneInfo(self._period.timezone)
            first = within[0].astimezone(zone).date()
            last = max(first, datetime.fromtimestamp(within[1].timestamp() - 1, zone).date())
        days = {"since": first.isoformat(), "until": last.isoformat()}
        return "/talks?" + urlencode({"business": self._house.slug, "view": "all", **days, **which})

    def _moments(self, within: Within | None) -> list[tuple[str, str]]:
        if within is None:
            return [("since", self._period.first.isoformat()), ("until", self._period.last.isoformat())]
        zone = ZoneInfo(self._period.timezone)
        return [
            (name, f"{at.astimezone(zone):%Y-%m-%dT%H:%M}") for name, at in zip(("since", "until"), within, strict=True)
        ]
