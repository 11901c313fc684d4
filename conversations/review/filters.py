"""What a list of talks is asked for, as one value; pure.

Some of it is asked of the talk, the rest of one and the same turn in it: "an order, and the bot was unsure" means that
there is a turn which was both.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

STATUSES: Final = ("unread", "reviewed", "saved")
"""What a reader made of a talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is not set is not asked."""

    business_id: str
    status: str | None = None
    is_flagged: bool = False
    language: str | None = None
    """In which the bot last spoke with them."""
    number: str | None = None
    """The phone_number_id of the number of ours that they wrote to."""
    tag_id: str | None = None
    at_least: int | None = None
    """Turns in it."""
    with_human: bool = False
    """A human was asked for."""
    failed_sends: bool = False

    below: float | None = None
    """The likeliest meaning was less likely than this."""
    is_fallback: bool = False
    is_parked: bool = False
    """The turn was given up."""
    intent: str | None = None
    entity: str | None = None
    action: str | None = None
    slot: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """That moment itself is out."""
    text: str = ""
    """Words, or how they begin: all of them in what was said."""

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """What is to have occurred in the turn: (kind, name)."""
        asked = (("entity", self.entity), ("action", self.action), ("slot", self.slot))
        return tuple((kind, name) for kind, name in asked if name is not None)

    @property
    def asks_of_turns(self) -> bool:
        """Whether anything of it is asked of a turn."""
        plain = (self.below, self.intent, self.since, self.until)
        return bool(self.marks or self.text or self.is_fallback or self.is_parked) or any(
            each is not None for each in plain
        )
