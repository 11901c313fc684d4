"""A clock that says what a test tells it."""

from datetime import datetime, timedelta

NOON = "2025-01-27T12:00:00+01:00"  # a Monday in Brazzaville and in Tunis: every shop with hours is open


class ToldClock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat(NOON)

    def __call__(self) -> datetime:
        return self.now

    def is_now(self, text: str) -> None:
        """It is this moment, RFC 3339."""
        self.now = datetime.fromisoformat(text)

    def passes(self, **delta: float) -> None:
        """So much time passes."""
        self.now += timedelta(**delta)
