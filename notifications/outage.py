"""Keeps a worker from hammering a channel that is down: after failures in a row it rests, then one message tries.

Each worker finds out for itself. Unlike a stopped number (`breaker`), nobody needs to act, and nothing is written.
"""

from collections.abc import Callable
from typing import Final

FAILURES_IN_A_ROW: Final = 5
WITHIN_SECONDS: Final = 30.0
"""Failures further apart than this are no outage."""

FIRST_REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 30.0
"""The rest doubles from the first to the longest while nobody answers; our choice."""

TRIAL_SECONDS: Final = 15.0
"""How long the outcome of the message that tries is waited for: longer than a send may take (10 s)."""


class Outage:
    """Counts failures that are a provider's or the network's, and says whether messages may be taken."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is steady, in seconds."""
        self._clock = clock
        self._failures: list[float] = []
        self._rests = 0
        self._rest_until = 0.0
        self._trial_until = 0.0

    def failed(self) -> bool:
        """A message could not be handed over. Returns whether a rest begins with this."""
        now = self._clock()
        if now < self._rest_until:
            # It was on its way when the rest began.
            return False
        if self._rests == 0:
            self._failures = [each for each in self._failures if now - each < WITHIN_SECONDS] + [now]
            if len(self._failures) < FAILURES_IN_A_ROW:
                return False
        self._rest_until = now + min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0**self._rests)
        self._rests = min(self._rests + 1, 16)
        self._trial_until = 0.0
        self._failures = []
        return self._rests == 1

    def passed(self) -> bool:
        """The provider answered. Returns whether an outage ends with this."""
        ended = self._rests > 0
        self._failures, self._rests, self._rest_until, self._trial_until = [], 0, 0.0, 0.0
        return ended

    @property
    def is_over(self) -> bool:
        """Nothing keeps messages from being taken."""
        return self._rests == 0

    @property
    def may_try(self) -> bool:
        """The rest is over, and one message may try."""
        return self._rests > 0 and self._clock() >= max(self._rest_until, self._trial_until)

    def trying(self) -> None:
        """The one message that tries was taken: no other until its outcome is known."""
        if self._rests > 0:
            self._trial_until = self._clock() + TRIAL_SECONDS

    def not_tried(self) -> None:
        """The one that was to try waits for something else."""
        self._trial_until = 0.0

    def seconds_left(self) -> float:
        """How long until a message may try."""
        return max(0.0, max(self._rest_until, self._trial_until) - self._clock()) if self._rests else 0.0
