"""Rates counted in this process alone: enough for one worker, and what is left when Redis is away."""

from collections.abc import Callable

from notifications.rates import pace
from notifications.rates.pace import NumberPace, Pair, PersonPace, Slot

SWEEP_SIZE = 10_000
"""With more people than this, those are forgotten who wrote nothing lately and wait for nothing."""


class LocalRates:
    """Keeps a few figures per number and per person in memory."""

    def __init__(self, clock: Callable[[], float], sweep_size: int = SWEEP_SIZE) -> None:
        """`clock` is steady, in seconds."""
        self._clock = clock
        self._sweep_size = self._sweep_at = sweep_size
        self._numbers: dict[str, NumberPace] = {}
        self._people: dict[tuple[str, str], PersonPace] = {}

    async def reserve(self, pair: Pair) -> Slot:
        now = self._clock()
        return pace.reserve(self._number(pair.phone_number_id), self._person(pair, now), pair, now)

    async def slow_number(self, phone_number_id: str, hold_seconds: float | None) -> float:
        return pace.slow_number(self._number(phone_number_id), hold_seconds, self._clock())

    async def hold_person(self, pair: Pair) -> float:
        now = self._clock()
        return pace.hold_person(self._person(pair, now), now)

    def __len__(self) -> int:
        """Of how many people figures are kept."""
        return len(self._people)

    async def aclose(self) -> None:
        """Nothing is held."""

    def _number(self, phone_number_id: str) -> NumberPace:
        return self._numbers.setdefault(phone_number_id, NumberPace())

    def _person(self, pair: Pair, now: float) -> PersonPace:
        if len(self._people) >= self._sweep_at:
            self._people = {key: kept for key, kept in self._people.items() if not _is_idle(kept, now)}
            self._sweep_at = max(self._sweep_size, 2 * len(self._people))
        return self._people.setdefault((pair.phone_number_id, pair.recipient), PersonPace())


def _is_idle(person: PersonPace, now: float) -> bool:
    return max(person.next_at, person.held_until + pace.IN_A_ROW_SECONDS) < now
