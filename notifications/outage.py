"""Keeps workers from hammering who is down: after failures in a row they rest, then one message tries.

Alone, each worker finds out for itself. Where workers share what they know (`outages`), the one whose message may try
is told so, and the others wait for what it learns.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

FAILURES_IN_A_ROW: Final = 5
WITHIN_SECONDS: Final = 30.0
"""Failures further apart than this are no outage."""

FIRST_REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 30.0
"""The rest doubles from the first to the longest while nobody answers; our choice."""

TRIAL_SECONDS: Final = 15.0
"""How long the outcome of the message that tries is waited for: longer than a send may take (10 s)."""

MAX_DOUBLINGS: Final = 16


class News(Enum):
    """What others are to be told."""

    FAILED = auto()
    """A rest began, or the one that tried failed."""
    PASSED = auto()


class Outage:
    """Counts failures that are a provider's or the network's, and says whether messages may be taken."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        failures: int = FAILURES_IN_A_ROW,
        rests: tuple[float, float] | None = None,
    ) -> None:
        """`clock` is steady, in seconds; `failures` in a row begin a rest; `rests` are the first and the longest."""
        self._clock = clock
        self._needed = failures
        self._spans = rests
        self._failures: list[float] = []
        self._rests = 0
        self._rest_until = 0.0
        self._trial_until = 0.0
        self._is_shared = False
        self._granted_until = 0.0
        self._news: tuple[News, bool] | None = None
        self.is_wanted = False
        """A message would go this way now: worth trying."""
        self.reason = ""
        """Of the last failure, in words."""

    def failed(self, reason: str = "") -> bool:
        """A message could not be handed over. Returns whether a rest begins with this."""
        now = self._clock()
        if now < self._rest_until and not self._is_granted:
            # It was on its way when the rest began.
            return False
        if self._rests == 0:
            self._failures = [each for each in self._failures if now - each < WITHIN_SECONDS] + [now]
            if len(self._failures) < self._needed:
                return False
        first, longest = self._spans or (FIRST_REST_SECONDS, LONGEST_REST_SECONDS)
        self.reason = reason
        self._news = News.FAILED, self._is_granted
        self._rest_until = now + min(longest, first * 2.0**self._rests)
        self._rests = min(self._rests + 1, MAX_DOUBLINGS)
        self._trial_until = self._granted_until = 0.0
        self._failures = []
        return self._rests == 1

    def passed(self) -> bool:
        """The provider answered. Returns whether an outage ends with this."""
        ended = self._rests > 0
        if ended:
            self._news = News.PASSED, self._is_granted
        self._end()
        return ended

    @property
    def is_over(self) -> bool:
        """Nothing keeps messages from being taken."""
        return self._rests == 0

    @property
    def may_try(self) -> bool:
        """The rest is over, and one message may try; of workers who share, that of the one that was told so."""
        if self._is_shared:
            return self._rests > 0 and self._is_granted and self._clock() >= self._trial_until
        return self._has_rested

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

    @property
    def wants_to_try(self) -> bool:
        """Of workers who share: this one would, if it were its turn."""
        return self.is_wanted and not self._is_granted and self._has_rested

    def granted(self) -> None:
        """It is this worker's turn, for as long as an outcome is waited for."""
        self._granted_until = self._clock() + TRIAL_SECONDS
        self.is_wanted = False

    def told(self, rests: int, seconds: float) -> None:
        """Others know of an outage that has had so many rests; the next try is in so many seconds."""
        self._is_shared = True
        if not self._is_granted:
            self._rests = rests
            self._rest_until = self._clock() + seconds
            self._failures = []

    def told_of_none(self) -> None:
        """Nobody knows of one."""
        self._is_shared = True
        if self._rests and self._news is None:
            self._end()

    @property
    def news(self) -> tuple[News, bool] | None:
        """What others are to be told, and whether it is about the message whose turn it was to try."""
        return self._news

    def news_are_kept(self, news: tuple[News, bool]) -> None:
        """Others can read these news now. What happened meanwhile is still to be told."""
        if self._news is news:
            self._news = None

    @property
    def _has_rested(self) -> bool:
        return self._rests > 0 and self._clock() >= max(self._rest_until, self._trial_until)

    @property
    def _is_granted(self) -> bool:
        return self._clock() < self._granted_until

    def _end(self) -> None:
        self._failures, self._rests, self._rest_until, self._trial_until = [], 0, 0.0, 0.0
        self._granted_until = 0.0
