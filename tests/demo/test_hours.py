"""Opening hours: read as people write them, over midnight and over the end of the week."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.backend.hours import DAYS, is_open, opens_at
from demo.backend.seed import seed_businesses

TUNIS = "Africa/Tunis"
START = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda passed: START + passed)
CLOCK_TIMES = st.times().map(lambda each: each.strftime("%H:%M"))
SPANS = st.tuples(CLOCK_TIMES, CLOCK_TIMES | st.just("24:00")).map("-".join)
NAMES = st.sampled_from(DAYS) | st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map("-".join)
HOURS = st.dictionaries(NAMES, SPANS, max_size=4)


@given(HOURS, MOMENTS)
def test_whoever_waits_for_the_door_finds_it_open(hours: dict[str, str], now: datetime) -> None:
    opening = opens_at(hours, TUNIS, now)

    if opening is None:
        assert hours == {}
    else:
        assert now < opening <= now + timedelta(days=8)
        assert is_open(hours, TUNIS, opening)


@given(MOMENTS)
def test_day_and_night_is_always(now: datetime) -> None:
    assert is_open({"mon-sun": "00:00-24:00"}, TUNIS, now)


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ({"fri-mon": "10:00-12:00"}, "2025-01-26T11:00:00+01:00", True),  # a Sunday, over the end of the week
        ({"fri-mon": "10:00-12:00"}, "2025-01-28T11:00:00+01:00", False),
        ({"sun": "22:00-03:00"}, "2025-01-27T02:59:00+01:00", True),
        ({"sun": "22:00-03:00"}, "2025-01-27T03:00:00+01:00", False),
        ({"mon": "08:00-12:00", "mon-fri": "14:00-18:00"}, "2025-01-27T13:00:00+01:00", False),
        ({"mon": "08:00-12:00", "mon-fri": "14:00-18:00"}, "2025-01-27T14:00:00Z", True),
    ],
)
def test_hours_are_those_of_the_place(hours: dict[str, str], now: str, expected: bool) -> None:
    assert is_open(hours, TUNIS, datetime.fromisoformat(now)) is expected


def test_the_hours_of_every_merchant_of_the_demo_can_be_read() -> None:
    monday = datetime(2025, 1, 27, 11, tzinfo=UTC)
    merchants = [merchant for business in seed_businesses() for merchant in business.merchants]

    opened = {merchant.id for merchant in merchants if is_open(merchant.hours, TUNIS, monday)}

    assert {merchant.id for merchant in merchants} - opened == {"papeterie-matsoua"}
