"""Why a plan waits, and what it will send next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from notifications.workflows import Delay, Digest, Ladder, Send, Step


class Why(StrEnum):
    """What a plan, or a message that was put off, waits for."""

    #: the person's quiet hours are to be over
    QUIET = "quiet"
    #: others like it are gathered first
    DIGEST = "digest"
    #: so long before or after what it hangs on, such as an appointment
    ANCHOR = "anchor"
    #: a moment that its payload names
    UNTIL = "until"
    #: a pause of a length
    PAUSE = "pause"
    #: a sign that it arrived on the channel before; without one the next channel is tried
    LADDER = "ladder"
    #: another try, after one that failed
    RETRY = "retry"
    #: its turn, such as after a cap
    TURN = "turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Where a plan waits."""

    why: Why
    number: int
    """Of the step at which it waits, from 1."""
    of: int
    """How many steps it has."""
    channels: tuple[str, ...]
    """By which it will tell next; several of a ladder, the first one first."""


def waiting(steps: Sequence[Step], position: int, progress: Mapping[str, Any], failures: int) -> Waiting:
    """Of a plan that is to go on at a moment ahead; columns of its row."""
    return Waiting(
        why=_why(steps, position, progress, failures),
        number=min(position + 1, len(steps)),
        of=len(steps),
        channels=_channels(steps, position, progress.get("rung")),
    )


def _why(steps: Sequence[Step], position: int, progress: Mapping[str, Any], failures: int) -> Why:
    if failures:
        return Why.RETRY
    if "quiet" in progress:
        return Why.QUIET
    match steps[position] if position < len(steps) else None:
        case Delay(around=around, until=until):
            return Why.ANCHOR if around is not None else Why.UNTIL if until is not None else Why.PAUSE
        case Digest():
            return Why.DIGEST
        case Ladder() if "rung" in progress:
            return Why.LADDER
    return Why.TURN


def _channels(steps: Sequence[Step], position: int, rung: int | None) -> tuple[str, ...]:
    for index in range(position, len(steps)):
        match steps[index]:
            case Send(channel=channel):
                return (channel,)
            case Ladder(rungs=rungs):
                first = rung + 1 if rung is not None and index == position else 0
                if first < len(rungs):
                    return tuple(each.channel for each in rungs[first:])
    return ()
