"""The lanes of messages: what is urgent goes before what is many, and nobody waits for ever. Pure.

Each lane takes what the ones above it leave. Bulk never holds all slots, so that a courier's arrival finds one free in
the middle of a campaign; and of what is taken, a lane that has waited for long is owed a share.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Lane(StrEnum):
    """In the order in which they are taken from."""

    CRITICAL = "critical"  # a code to log in, a payment that failed: no preference holds it back
    IMMEDIATE = "immediate"  # answers, and news that somebody waits for
    SCHEDULED = "scheduled"  # reminders and what else was planned
    BULK = "bulk"  # campaigns and broadcasts


RESERVED_SHARE: Final = 0.2
"""Of a worker's slots, and of a number's rate: what bulk leaves to the other lanes. Our choice."""

AGED_SECONDS: Final = 10.0
"""A lane whose oldest message is due for so long has waited. Our choice."""

AGED_SHARE: Final = 0.1
"""Of what is taken: what each lane that has waited is owed. Our choice."""


class Slots:
    """One worker's slots: what each lane holds of them, and what is owed to lanes that wait."""

    def __init__(self, concurrency: int) -> None:
        self._most_bulk = max(1, int(concurrency * (1 - RESERVED_SHARE)))
        # Two claims' worth: a debt that nobody could be paid for long is no reason to stop the others.
        self._most_owed = 2 * max(1.0, concurrency * AGED_SHARE)
        self._held: Counter[str] = Counter()
        self._owed: dict[Lane, float] = {}

    def waiting(self, waited: Mapping[Lane, float]) -> None:
        """How many seconds the oldest due message of each lane has waited; what has none due is owed nothing."""
        self._owed = {lane: self._owed.get(lane, 0.0) for lane, seconds in waited.items() if seconds >= AGED_SECONDS}

    def limit(self, lane: Lane, free: int) -> int:
        """How many of `free` slots this lane may take now, what the lanes below are owed left out."""
        owed = sum(min(int(of_it), self.room(below)) for below, of_it in self._owed.items() if _is_below(below, lane))
        # What it is owed itself it gets before those below.
        own = min(free, int(self._owed.get(lane, 0.0)))
        return min(max(own, free - owed), self.room(lane))

    def room(self, lane: Lane) -> int:
        """How many more this lane may hold, however many slots are free."""
        return max(0, self._most_bulk - self._held[lane]) if lane is Lane.BULK else sys.maxsize

    def took(self, lane: Lane, count: int) -> None:
        """So many of a lane were taken: the lanes below that have waited are owed a little more."""
        for other, owed in self._owed.items():
            if other is lane:
                # What cannot be taken though it is due, such as a stopped number's, is owed nothing either.
                self._owed[other] = max(0.0, owed - count) if count else 0.0
            elif _is_below(other, lane):
                self._owed[other] = min(self._most_owed, owed + count * AGED_SHARE / (1 - AGED_SHARE))

    def begin(self, lane: str) -> None:
        """A message of a lane is under way."""
        self._held[lane] += 1

    def end(self, lane: str) -> None:
        """It is done."""
        self._held[lane] -= 1


def _is_below(lane: Lane, other: Lane) -> bool:
    return _ORDER[lane] > _ORDER[other]


_ORDER: Final = {lane: index for index, lane in enumerate(Lane)}
