"""A ladder: one channel after the other until one succeeds, and never two by accident. Pure; `now` is an argument.

What is asked after every report and when the time of a rung is over:

    did an earlier rung, or this one, succeed?    the ladder is over, and what still waits is called back
    did it fail for good?                         the next rung, where this failure lets us
    is its time over?                             the next rung; what has not left is called back first
    else                                          wait
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from channels.failures import Cause
from channels.whatsapp.error_codes import look_up
from notifications.plans.plan import Sent
from notifications.status import RANKED, Status
from notifications.workflows import Ladder

SENDING_PATIENCE: Final = timedelta(seconds=5)
"""How long a message is waited for that a worker is just handing over: about half the channel's time limit."""

_NEVER_ELSEWHERE: Final = frozenset({Cause.OPTED_OUT})
"""Failures after which the same news on another channel would be against the person's will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing is known yet; look again then, or when a report comes."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """The next rung's turn; what of this one still waits in the queue is called back."""

    reason: str
    call_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The ladder has done what it could."""

    decision: str
    reason: str
    call_back: tuple[str, ...] = ()


Move = Wait | Climb | Over


def next_move(ladder: Ladder, rung: int, sent: Sequence[Sent], until: datetime | None, now: datetime) -> Move:
    """What follows while the plan stands on `rung`; `sent` are the ladder's messages, `until` the rung's time."""
    for message in _first_parts(sent):
        if succeeded(message.status, ladder.rungs[message.rung].success):
            return _done(ladder, message, rung, sent)
    current = next((each for each in _first_parts(sent) if each.rung == rung), None)
    if current is None:
        return Climb(reason="Nothing of it is there.")
    return _after_its_end(current) or _while_it_is_open(ladder, rung, current, sent, until, now)


def succeeded(status: Status, wanted: str) -> bool:
    """Whether a rung that wants this report has what it wants."""
    is_known = status in RANKED and status is not Status.FAILED
    return is_known and RANKED.index(status) >= RANKED.index(Status(wanted))


def _after_its_end(message: Sent) -> Move | None:
    """What follows a message that will not arrive; None for one that still may."""
    channel = message.channel
    match message.status:
        case Status.FAILED if not _may_go_elsewhere(message):
            return Over(decision="stopped", reason=f"The person refused it by {channel}; nothing else follows.")
        case Status.FAILED:
            return Climb(reason=f"It will not arrive by {channel}.")
        case Status.SKIPPED:
            return Climb(reason=f"It may not go by {channel}.")
        case Status.CANCELLED | Status.EXPIRED:
            return Over(decision="stopped", reason=f"The message by {channel} was {message.status}.")
        case _:
            return None


def _while_it_is_open(
    ladder: Ladder, rung: int, message: Sent, sent: Sequence[Sent], until: datetime | None, now: datetime
) -> Move:
    if until is not None and now < until:
        return Wait(until=until)
    if message.status is Status.SENDING:
        return Wait(until=now + SENDING_PATIENCE)
    return Climb(
        reason=f"It was not {ladder.rungs[rung].success} by {message.channel} in time; it is {message.status}.",
        call_back=_waiting(sent, from_rung=rung),
    )


def _done(ladder: Ladder, message: Sent, rung: int, sent: Sequence[Sent]) -> Over:
    later = [each.channel for each in ladder.rungs[message.rung + 1 :]]
    called_back = _waiting(sent, from_rung=message.rung + 1)
    spared = ""
    if called_back:
        spared = f"; {ladder.rungs[rung].channel}, which had not left, is called back"
    elif later and message.rung == rung:
        spared = f"; {', '.join(later)} need not follow"
    return Over(
        decision="arrived", reason=f"It was {message.status} by {message.channel}{spared}.", call_back=called_back
    )


def _may_go_elsewhere(message: Sent) -> bool:
    if message.channel != "whatsapp" or message.error_code is None:
        return True
    row = look_up(message.error_code)
    return row is None or row.cause not in _NEVER_ELSEWHERE


def _first_parts(sent: Sequence[Sent]) -> list[Sent]:
    """A content of several messages has arrived when its first has."""
    return sorted((each for each in sent if each.part == 0), key=lambda each: each.rung)


def _waiting(sent: Sequence[Sent], from_rung: int) -> tuple[str, ...]:
    return tuple(each.id for each in sent if each.rung >= from_rung and each.status is Status.QUEUED)
