"""Places: where a courier goes, as words, as a point on the map, or both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go: an address as people write it, the point they sent, or both."""

    address: str | None = None
    location: Location | None = None
