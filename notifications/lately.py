"""Remembers what was found lately, for a while and not without end."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

MOST = 10_000
"""Findings that are remembered; the oldest goes first."""


class Lately[Key: Hashable, Found]:
    """Findings by key, each for `lasts`."""

    def __init__(self, clock: Callable[[], datetime], lasts: timedelta) -> None:
        self._clock = clock
        self._lasts = lasts
        self._found: dict[Key, tuple[datetime, Found]] = {}

    def find(self, key: Key) -> Found | None:
        """What was found, unless it is too long ago."""
        at, found = self._found.get(key, (None, None))
        return found if at is not None and self._clock() < at + self._lasts else None

    def keep(self, key: Key, found: Found) -> Found:
        self._found.pop(key, None)
        self._found[key] = (self._clock(), found)
        if len(self._found) > MOST:
            self._found.pop(next(iter(self._found)))
        return found
