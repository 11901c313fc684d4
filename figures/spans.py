"""Times in steps, so that many of them are a few counts, from which a median is read again. Pure."""

from collections.abc import Mapping
from typing import Final

STEPS: Final = (1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200)
"""Seconds up to which a time counts as one of a step; longer ones are of the last. Our choice: an assistant answers in
seconds, a human in minutes."""

LONGER: Final = "longer"

NAMES: Final = (*(str(step) for step in STEPS), LONGER)


def share(counts: Mapping[str, int], part: float) -> float | None:
    """The seconds within which this part (0.5: the median) of the times lies; None where there are none.

    Within a step they are taken as spread evenly; of those longer than the last step, that is told.
    """
    total = sum(counts.get(name, 0) for name in NAMES)
    if not total:
        return None
    wanted, passed, lower = total * part, 0.0, 0.0
    for step in STEPS:
        count = counts.get(str(step), 0)
        if count and passed + count >= wanted:
            return lower + (step - lower) * max(0.0, wanted - passed) / count
        passed, lower = passed + count, float(step)
    return float(STEPS[-1])
