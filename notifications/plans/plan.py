"""A plan as a value: which notification it is of, how far it was walked, and what is known of person and business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from notifications.quiet import QuietHours
from notifications.status import Status
from notifications.workflows import Anchor, BusinessFacts, Delay, Facts, Person, Step, Workflow


class State(StrEnum):
    """Where a notification stands."""

    #: its steps are being walked
    ACTIVE = "active"
    #: every step was walked
    DONE = "done"
    #: taken back by whoever triggered it, or by an answer to it
    CANCELLED = "cancelled"
    #: later news of the same thing took its place
    SUPERSEDED = "superseded"
    #: its time was over
    EXPIRED = "expired"
    #: it could not be walked to its end
    FAILED = "failed"
    #: told together with others, by one of them
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """Who tells."""

    id: str
    slug: str
    country: str
    facts: BusinessFacts
    phone_number_id: str | None
    """The number of ours on which it writes to people who have not talked with it yet."""
    quiet: QuietHours | None = None
    """When it lets people rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whom a notification is for, and how they can be told."""

    subscriber_id: str
    person: Person = field(repr=False)
    reachable: frozenset[str]
    """Channels on which we know an address of theirs."""
    declined: Mapping[tuple[str, str], str]
    """(category, channel) of what they do not want, and where that was decided (`consents.source`)."""
    conversation_id: str | None
    """The talk in which a push of the business appears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A notification on its way, as it was when it was last looked at."""

    id: str
    business_id: str
    subscriber_id: str
    workflow: Workflow
    steps: tuple[Step, ...]
    """The workflow's, with the channels that the trigger wished."""
    category: str
    lane: str
    payload: Mapping[str, Any] = field(repr=False)
    events: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    """What a digest gathered, the first one first."""
    group_key: str | None = field(default=None, repr=False)
    group_rank: int | None = None
    expires_at: datetime | None = None
    is_test: bool = False
    anchor: Anchor | None = field(default=None, repr=False)
    """What it hangs on, such as an appointment."""
    position: int = 0
    """The step that is next."""
    progress: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What that step needs to know of itself: `until`, `rung`, `bucket`."""

    def over_at(self, position: int) -> datetime | None:
        """When a step comes too late: what counts from before an anchor is not said once that has begun."""
        moments = [step for step in self.steps[:position] if isinstance(step, Delay) and step.is_for_a_moment]
        around = moments[-1].around if moments else None
        if self.anchor is None or around is None or around >= timedelta():
            return None
        return self.anchor.starts_at.astimezone(UTC)

    def worth_until(self, position: int) -> datetime | None:
        """Until when what is said at a step may leave."""
        ends = [end for end in (self.over_at(position), self.expires_at) if end is not None]
        return min(ends, default=None)

    def heeds_quiet(self, business: Business, channel: str) -> bool:
        """Whether it waits for the end of quiet hours on a channel."""
        quiet = business.quiet
        return quiet is not None and quiet.are_for(self.category, self.lane, channel, self.workflow.quiet)

    def facts(self, who: Who, business: Business, sent: Sequence["Sent"] = ()) -> Facts:
        """What its expressions may look at."""
        return Facts(
            person=who.person,
            business=business.facts,
            payload=self.payload,
            events=self.events,
            replied=any(each.is_replied for each in sent),
            delivered=any(each.status in (Status.DELIVERED, Status.READ) for each in sent),
            anchor=self.anchor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that a plan has queued, as it stands now."""

    id: str
    position: int
    rung: int
    part: int
    channel: str
    status: Status
    error_code: int | None
    is_replied: bool = False


def plan_key(position: int, rung: int, part: int) -> str:
    """Names one message of a plan; no race sends it twice."""
    return f"{position}.{rung}.{part}"


def read_plan_key(key: str) -> tuple[int, int, int]:
    """Position, rung and part."""
    position, rung, part = key.split(".")
    return int(position), int(rung), int(part)
