"""Open until when, or closed until when, whatever the hours are."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.hours import DAYS, Opening, opening

BRAZZAVILLE = ZoneInfo("Africa/Brazzaville")
HOURS = (("mon-fri", "08:00-19:00"), ("sat", "09:00-17:00"))
MONDAY = 27  # of January 2025


def at(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2025, 1, day, int(hour), int(minute), tzinfo=BRAZZAVILLE)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(MONDAY, "08:00"), Opening(until=at(MONDAY, "19:00"))),
        (at(MONDAY, "18:59"), Opening(until=at(MONDAY, "19:00"))),
        (at(MONDAY, "19:00"), Opening(opens_at=at(MONDAY + 1, "08:00"))),
        (at(MONDAY, "06:30"), Opening(opens_at=at(MONDAY, "08:00"))),
        (at(25, "18:00"), Opening(opens_at=at(MONDAY, "08:00"))),
        (at(25, "16:00"), Opening(until=at(25, "17:00"))),
    ],
)
def test_office_hours(now: datetime, then: Opening) -> None:
    assert opening(HOURS, now) == then


def test_a_night_goes_on_after_midnight() -> None:
    night = (("fri-sat", "20:00-03:00"),)

    assert opening(night, at(25, "01:00")) == Opening(until=at(25, "03:00"))
    assert opening(night, at(25, "04:00")) == Opening(opens_at=at(25, "20:00"))


def test_day_and_night_is_always_open() -> None:
    assert opening((("mon-sun", "00:00-24:00"),), at(MONDAY, "12:00")).until == at(MONDAY + 1, "00:00")


@pytest.mark.parametrize("hours", [(), (("someday", "08:00-19:00"),), (("mon", "late"),), (("mon", "25:00-26:00"),)])
def test_what_nobody_can_read_is_closed(hours: tuple[tuple[str, str], ...]) -> None:
    assert opening(hours, at(MONDAY, "12:00")) == Opening()


@given(
    st.lists(st.tuples(st.sampled_from([*DAYS, "mon-fri", "fri-mon", "x"]), st.text(max_size=12))),
    st.integers(min_value=0, max_value=60 * 24 * 366),
)
def test_whatever_is_written_there_is_an_answer(hours: list[tuple[str, str]], minutes: int) -> None:
    now = at(MONDAY, "00:00") + timedelta(minutes=minutes)
    found = opening(hours, now)

    assert found.until is None or found.until > now
    assert found.opens_at is None or found.opens_at > now
