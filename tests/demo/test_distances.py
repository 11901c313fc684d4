"""The way from anywhere to anywhere has a price that grows with it, or a reason why nobody goes there."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.backend.contract.values import Location, Place
from demo.backend.distances import Road, between, locate, road
from demo.backend.problems import Refusal
from demo.backend.seed import seed_businesses
from demo.backend.terms import Terms

TERMS = [business.terms for business in seed_businesses()]
LOCATIONS = st.builds(Location, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
PLACES = st.builds(Place, location=LOCATIONS) | st.builds(Place, address=st.text(max_size=60))


@given(st.sampled_from(TERMS), PLACES, PLACES)
def test_every_way_has_a_price_or_a_reason(terms: Terms, pickup: Place, dropoff: Place) -> None:
    way = _way(terms, pickup, dropoff)

    if isinstance(way, str):
        assert way in {"address_unclear", "outside_area"}
    else:
        assert way.fee >= terms.tariff.least
        assert way.fee % terms.tariff.step == 0
        assert way.minutes >= way.km >= 0


def test_further_is_dearer_and_takes_longer() -> None:
    terms = TERMS[0]
    near, far = (road(terms, Place(address="Poto-Poto"), Place(address=to)) for to in ("Mpila", "Makélékélé"))

    assert (near.fee, near.minutes, near.km) < (far.fee, far.minutes, far.km)
    assert near.fee == Decimal(1000)  # the least there is


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ("25 Rue Malanda", "Plateau des 15 ans"),
        ("PLATEAU DES 15 ANS, en face de la pharmacie", "Plateau des 15 ans"),
        ("ouenze derrière le marché", "Ouenzé"),
        ("chez ma tante", "Centre-ville"),  # no district at all: the first one
    ],
)
def test_an_address_is_placed_by_the_district_it_names(address: str, zone: str) -> None:
    (named,) = [each for each in TERMS[0].zones if each.name == zone]

    found = locate(TERMS[0], Place(address=address))

    assert (found.latitude, found.longitude) == (named.latitude, named.longitude)


def test_a_way_is_gone_from_its_start_to_its_end() -> None:
    start, end = Location(latitude=0, longitude=10), Location(latitude=2, longitude=12)

    assert [between(start, end, part) for part in (0.0, 1.0)] == [start, end]
    assert between(start, end, 0.5) == Location(latitude=1, longitude=11)


def _way(terms: Terms, pickup: Place, dropoff: Place) -> Road | str:
    """The way, or the code of the reason why there is none."""
    try:
        return road(terms, pickup, dropoff)
    except Refusal as refusal:
        return refusal.obstacle.code
