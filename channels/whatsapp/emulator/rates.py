"""How often one may send: to one person, and from one number. Counted in memory, by the emulator's clock."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

# Meta's documentation of pair rates: one message in 6 s, up to 45 at once which are then paid back.
PAIR_SECONDS = 6.0
PAIR_BURST = 45
THROUGHPUT_WINDOW_SECONDS = 1.0


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], _Bucket] = {}
        self._sends: dict[str, deque[float]] = {}

    def allows_pair(self, phone_number_id: str, person: str, now: datetime) -> bool:
        """Take one from this pair's allowance, if there is one left."""
        at = now.timestamp()
        bucket = self._pairs.setdefault((phone_number_id, person), _Bucket(PAIR_BURST, at))
        bucket.left = min(PAIR_BURST, bucket.left + max(0.0, at - bucket.at) / PAIR_SECONDS)
        bucket.at = at
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def allows_number(self, phone_number_id: str, per_second: int, now: datetime) -> bool:
        """Whether this number has sent fewer than so many in the last second; counts this one."""
        at = now.timestamp()
        sends = self._sends.setdefault(phone_number_id, deque())
        while sends and not at - THROUGHPUT_WINDOW_SECONDS < sends[0] <= at:
            sends.popleft()
        if len(sends) >= per_second:
            return False
        sends.append(at)
        return True
