"""Where an address is, how far that is, and what bringing something there costs."""

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from rapidfuzz import fuzz

from demo.backend.contract.problems import Code
from demo.backend.contract.values import Location, Place
from demo.backend.problems import Refusal
from demo.backend.terms import Tariff, Terms, Zone
from demo.backend.words import letters

EARTH_KM = 6371.0
DETOUR = 1.3  # roads are longer than the flight of a bird
NAMED_WELL = 84  # of 100: how alike the name of a zone and a part of the address must be; "bacnogo" is
FEWEST_LETTERS = 4  # "ici" is no address


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The way from one place to another."""

    pickup: Location
    dropoff: Location
    km: float
    minutes: int
    fee: Decimal


def road(terms: Terms, pickup: Place, dropoff: Place) -> Road:
    """How far it is and what it costs; refuses what cannot be found or is too far."""
    start, end = locate(terms, pickup), locate(terms, dropoff)
    km = _km(start, end) * DETOUR
    return Road(
        pickup=start,
        dropoff=end,
        km=round(km, 1),
        minutes=math.ceil(km * terms.tariff.minutes_per_km),
        fee=_fee(terms.tariff, km),
    )


def locate(terms: Terms, place: Place) -> Location:
    """The point that was sent, else the middle of the zone that the address names, else of the first zone."""
    if place.location is not None:
        _near_enough(terms, place.location)
        return place.location
    written = letters(place.address or "")
    if sum(character.isalpha() for character in written) < FEWEST_LETTERS:
        raise Refusal.because(Code.ADDRESS_UNCLEAR, "The address has no street and no district.")
    best = max(terms.zones, key=lambda zone: _likeness(zone, written))
    return _middle(best if _likeness(best, written) >= NAMED_WELL else terms.zones[0])


def between(start: Location, end: Location, part: float) -> Location:
    """The point after this part of the way, from 0.0 to 1.0."""
    return Location(
        latitude=round(start.latitude + (end.latitude - start.latitude) * part, 5),
        longitude=round(start.longitude + (end.longitude - start.longitude) * part, 5),
    )


def _near_enough(terms: Terms, location: Location) -> None:
    if min(_km(_middle(zone), location) for zone in terms.zones) > terms.tariff.farthest_km:
        raise Refusal.because(Code.OUTSIDE_AREA, f"It is more than {terms.tariff.farthest_km} km from any zone.")


def _likeness(zone: Zone, written: str) -> float:
    return max(_part_likeness(letters(name), written) for name in (zone.name, *zone.words))


def _part_likeness(name: str, written: str) -> float:
    """A name is looked for inside the address; inside a shorter address it would find anything."""
    return fuzz.partial_ratio(name, written) if len(name) <= len(written) else fuzz.ratio(name, written)


def _middle(zone: Zone) -> Location:
    return Location(latitude=zone.latitude, longitude=zone.longitude)


def _km(a: Location, b: Location) -> float:
    """Along the great circle (haversine)."""
    north = math.radians(b.latitude - a.latitude)
    east = math.radians(b.longitude - a.longitude)
    shrink = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude))
    half = math.sin(north / 2) ** 2 + shrink * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def _fee(tariff: Tariff, km: float) -> Decimal:
    exact = max(tariff.start + tariff.per_km * Decimal(str(round(km, 3))), tariff.least)
    return (exact / tariff.step).to_integral_value(ROUND_CEILING) * tariff.step
