"""How far a mission is on its road, and when it will be there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.backend.contract.missions import Position
from demo.backend.contract.values import Location
from demo.backend.distances import between

#: What follows each status when all goes well. Nothing follows the others.
NEXT = {
    "pending": "accepted",
    "accepted": "pickup_arrived",
    "pickup_arrived": "in_transit",
    "in_transit": "delivered",
}

FINDING_MINUTES = 5  # until a courier takes it
COMING_MINUTES = 10  # until the courier stands at the pickup
HANDING_MINUTES = 3  # until the parcel is on its way
SOONEST_MINUTES = 5  # what is under way needs at least this, however late it is
LAST_PART = 0.9  # of the way; a courier who is late is nearly there


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """How far a mission is, and what is left of it."""

    status: str
    reached_at: datetime
    road_minutes: int
    ready_minutes: int
    delay_minutes: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether there is anything to wait for."""
        return self.status in NEXT

    def expected_at(self, now: datetime) -> datetime | None:
        """When it should arrive, as of now."""
        if not self.is_under_way:
            return None
        planned = self.reached_at + timedelta(minutes=self._minutes_left() + self.delay_minutes)
        return max(planned, now + timedelta(minutes=SOONEST_MINUTES)).replace(microsecond=0)

    def position(self, pickup: Location, dropoff: Location, now: datetime) -> Position | None:
        """Where the courier is, once they have come for the parcel."""
        if self.status not in {"pickup_arrived", "in_transit"}:
            return None
        gone = (now - self.reached_at) / timedelta(minutes=self.road_minutes + self.delay_minutes + 1)
        part = min(gone, LAST_PART) if self.status == "in_transit" else 0.0
        return Position(location=between(pickup, dropoff, part), seen_at=now.replace(microsecond=0))

    def _minutes_left(self) -> int:
        left = self.road_minutes
        for status, minutes in (
            ("pickup_arrived", HANDING_MINUTES),
            ("accepted", max(COMING_MINUTES, self.ready_minutes)),
            ("pending", FINDING_MINUTES),
        ):
            if list(NEXT).index(self.status) <= list(NEXT).index(status):
                left += minutes
        return left


def minutes_from_now(road_minutes: int, ready_minutes: int) -> int:
    """How long a mission takes that is asked for now."""
    return FINDING_MINUTES + max(COMING_MINUTES, ready_minutes) + HANDING_MINUTES + road_minutes
