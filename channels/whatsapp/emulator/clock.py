"""The time on this WhatsApp: real, until somebody moves it. Everything in the emulator reads it from here."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class AdjustableClock:
    """Runs on like the clock it is made from, so many seconds ahead of it or behind."""

    def __init__(self, base: Clock = utc_now) -> None:
        self._base = base
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._base() + self._ahead

    @property
    def ahead(self) -> timedelta:
        return self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by

    def set(self, now: datetime) -> None:
        """Make it `now`, which must carry its time zone."""
        self._ahead = now - self._base()

    def reset(self) -> None:
        self._ahead = timedelta()
