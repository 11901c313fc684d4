"""Stories of messages and notifications as a page lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was decided or reported."""

    at: datetime
    what: str
    why: str


def told(story: Mapping[str, Any]) -> Sequence[Event]:
    """The events of what `explain` or `explain_notification` tells, the oldest first."""
    return [Event(datetime.fromisoformat(each["at"]), each["what"], each["why"]) for each in story["story"]]
