"""A workflow as a value: what it needs to know, its steps, and what it says on each channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from notifications.workflows.drafts import Contents
from notifications.workflows.schema import Schema

type Channel = Literal["whatsapp", "email", "sms", "inapp", "webhook"]
type Lane = Literal["critical", "immediate", "scheduled", "bulk"]
type Category = Literal["transactional", "tracking", "reminders", "marketing", "work"]
type Success = Literal["sent", "delivered", "read"]
type Effect = Literal["confirm", "cancel", "reschedule", "rate", "stop"]

CHANNELS: Final = ("whatsapp", "email", "sms", "inapp", "webhook")
LANES: Final = ("critical", "immediate", "scheduled", "bulk")
SUCCESSES: Final = ("sent", "delivered", "read")
EFFECTS: Final = ("confirm", "cancel", "reschedule", "rate", "stop")
SUBJECTS: Final = ("delivery", "order")

FALLBACK_LOCALE: Final = "fr"
"""Spoken where neither the person nor the business has a language that a content is written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr:
    """A Jinja expression over payload, person, business, events, replied and delivered."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message on one channel."""

    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One try of a ladder; `success` is the receipt that ends the climb."""

    channel: Channel
    success: Success = "delivered"
    fallback_after: timedelta | None = None
    """How long that receipt is waited for; None on the last rung, which nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The same news on one channel after the other, until one succeeds."""

    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A pause: of a length, until a moment, or until so long before or after the anchor. One of them is there."""

    for_: timedelta | None = None
    until: Expr | None = None
    around: timedelta | None = None
    """After the anchor; before it, where negative."""

    @property
    def is_for_a_moment(self) -> bool:
        """A pause of a length begins when it is come to, and is over when it would have been."""
        return self.for_ is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Gathers triggers with the same key for a while; the rest of the steps runs once, for all of them."""

    key: Expr
    window: timedelta
    most: int | None = None
    """So many triggers end the gathering early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Where this is false, the rest of the steps is skipped."""

    when: Expr


Step = Send | Ladder | Delay | Digest | Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOption:
    """One thing that a person may answer: by tapping its title, or by typing one of its words."""

    key: str
    title: Mapping[str, str]  # by language
    words: Mapping[str, tuple[str, ...]]  # by language
    intent: str
    entities: Mapping[str, str]  # name → template
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContract:
    """What an answer to this notification means to the bot."""

    options: tuple[ReplyOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """What is sent when, and in which words."""

    key: str
    title: str
    category: Category
    critical: bool
    """Preferences cannot switch it off."""

    lane: Lane
    payload: Schema
    group: Expr | None
    """Notifications of one group are about one thing, such as a delivery."""

    about: Mapping[str, str]
    """What the bot knows by the news: `delivery` or `order`, each with the field of the payload that holds its code."""

    rank: int | None
    """Within its group, a later rank supersedes what an earlier one has not sent yet."""

    expires_after: timedelta | None
    """Counted from the trigger; what has not left by then helps nobody."""

    quiet: Literal["heed", "ignore"] | None
    """Of the business's quiet hours; None leaves it to the category."""

    cap: int | None
    """At most so many messages for one group and person."""

    steps: tuple[Step, ...]
    contents: Contents
    reply: ReplyContract | None
    version: str
    """Names what the workflow says and does: comments, spaces and the order of members do not change it."""

    document: Mapping[str, Any] = field(repr=False)
    """As it was written, normalised."""

    @property
    def needs_anchor(self) -> bool:
        """Whether a trigger has to say what it hangs on."""
        return any(isinstance(step, Delay) and step.around is not None for step in self.steps)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that its steps use, each once."""
        used: list[Channel] = []
        for step in self.steps:
            match step:
                case Send(channel=channel):
                    used.append(channel)
                case Ladder(rungs=rungs):
                    used.extend(rung.channel for rung in rungs)
        return tuple(dict.fromkeys(used))
