"""A median is read again from the counts of its steps."""

import pytest

from figures.spans import LONGER, STEPS, share


@pytest.mark.parametrize(
    ("counts", "part", "seconds"),
    [
        ({}, 0.5, None),
        ({"1": 10}, 0.5, 0.5),
        ({"1": 5, "10": 5}, 0.5, 1.0),
        ({"1": 5, "10": 5}, 0.9, 9.0),
        ({"3": 4}, 0.5, 2.5),
        ({LONGER: 3}, 0.5, float(STEPS[-1])),
    ],
)
def test_a_share_of_times_lies_within_so_many_seconds(
    counts: dict[str, int], part: float, seconds: float | None
) -> None:
    assert share(counts, part) == pytest.approx(seconds)
