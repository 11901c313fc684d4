"""Free-form messages pass for 24 hours after the person's last message, less a margin."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.whatsapp.window import MARGIN, WINDOW, is_open

LAST_INBOUND_AT = datetime(2026, 1, 27, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=54, seconds=59), True),
        (WINDOW - MARGIN, False),
        (WINDOW, False),
        (timedelta(days=7), False),
        # Their clock may be a little ahead of ours.
        (timedelta(seconds=-2), True),
    ],
)
def test_the_window_closes_a_margin_before_its_24_hours_are_over(passed: timedelta, expected: bool) -> None:
    assert is_open(LAST_INBOUND_AT, LAST_INBOUND_AT + passed) is expected


def test_to_a_person_who_never_wrote_it_is_closed() -> None:
    assert not is_open(None, LAST_INBOUND_AT)
