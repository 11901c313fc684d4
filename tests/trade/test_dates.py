"""Dates read in the language and at the place of the reader."""

from datetime import UTC, datetime

import pytest

from trade.dates import format_day, format_moment

LATE_ON_MONDAY = datetime(2025, 1, 27, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "timezone", "day", "moment"),
    [
        ("fr", "Africa/Brazzaville", "28 janv. 2025", "28 janv. 2025, 00:30"),
        ("en", "Africa/Brazzaville", "Jan 28, 2025", "Jan 28, 2025, 00:30"),
        ("fr", "UTC", "27 janv. 2025", "27 janv. 2025, 23:30"),
    ],
)
def test_a_moment_reads_where_its_reader_lives(locale: str, timezone: str, day: str, moment: str) -> None:
    assert format_day(LATE_ON_MONDAY, locale, timezone) == day
    assert format_moment(LATE_ON_MONDAY, locale, timezone) == moment
