"""The arithmetic of rates: when a message may go, by one moment kept per number and one per person. Pure.

Each moment is when the next message would be due if they left at even distances; a burst may run ahead of it. (The
generic cell rate algorithm: one number instead of a bucket that is filled.) Moments are seconds of any steady clock.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from channels.whatsapp.rates import PERSON_BURST, PERSON_SECONDS
from notifications.lanes import RESERVED_SHARE

NUMBER_SHARE: Final = 0.9
"""Of a number's rate, how much is spread evenly; the rest may go at once. So no second ever holds more than the rate.
Our choice."""

BULK_SHARE: Final = 1 - RESERVED_SHARE
"""Of that, the most that bulk takes: it has a pace of its own below the number's."""

LEAST_BULK_SHARE: Final = 0.05
"""Of a number's rate, what bulk gets even where the other lanes want all of it. Not more, so that a second that holds
both still holds no more than the rate. Our choice."""

BUSY_SECONDS: Final = 1.0
"""A number that could not send at once for so long is wanted in full; until then a burst may lie within the second."""

PLAN_SECONDS: Final = 2.0
"""How far ahead slots are given away. Further ahead an answer would wait behind everything planned before it."""

RECOVERY_SECONDS: Final = 30.0
"""In which a number that was slowed down doubles its rate again."""

SLOWEST_FACTOR: Final = 1 / 64
"""Of its rate: what a number never falls below."""

ONE_WAVE_SECONDS: Final = 1.0
"""Refusals this close together are of one wave, and slow a number down once."""

HOLD_SECONDS: Final = 1.0
"""A number pauses so long after a refusal that names no time."""

HOLD_BASE: Final = 4.0
"""A person's messages wait this to the power of the refusals in a row before; reported by WhatsApp's partners."""

MAX_HOLD_EXPONENT: Final = 5
"""17 minutes."""

IN_A_ROW_SECONDS: Final = 60.0
"""A refusal so soon after the wait for the one before is counted with it."""


PERSON_AHEAD_SECONDS: Final = PERSON_SECONDS * (PERSON_BURST - 1)
"""How far a burst to one person runs ahead of even distances."""


class Answer(StrEnum):
    GO = "go"
    PLANNED = "planned"  # the slot is the message's own: it goes then, without asking again
    NUMBER_FULL = "number_full"  # ask again
    PERSON_FULL = "person_full"  # ask again


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a message may go."""

    answer: Answer
    seconds: float = 0.0  # from now

    @property
    def slot_seconds(self) -> float | None:
        """The same where the slot is the message's own."""
        return self.seconds if self.answer is Answer.PLANNED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """From which number of ours to whom."""

    phone_number_id: str
    recipient: str = field(repr=False)
    per_second: int  # what the number may send at its best
    is_bulk: bool = False
    has_turn: bool = False  # of bulk: its slot is now, and only the number's own pace is still to be asked


class Rates(Protocol):
    """Says when a message may go, and learns from WhatsApp's refusals. Never raises for what keeps the counts."""

    async def reserve(self, pair: Pair) -> Slot:
        """A slot for one message, taken where it is GO or PLANNED."""
        ...

    async def slow_number(self, phone_number_id: str, hold_seconds: float | None) -> float:
        """The number was refused, or told to spread: half its rate, after a pause. The pause in seconds."""
        ...

    async def hold_person(self, pair: Pair) -> float:
        """Too many messages to one person: theirs wait, four times longer at each refusal in a row. In seconds."""
        ...

    async def aclose(self) -> None: ...


@dataclass(slots=True)
class NumberPace:
    """What is kept of a number."""

    next_at: float = 0.0
    held_until: float = 0.0
    factor: float = 1.0  # of its rate, at `slowed_at`
    slowed_at: float = 0.0
    bulk_next_at: float = 0.0
    bulk_least_at: float = 0.0  # when bulk may go next though the number is busy


@dataclass(slots=True)
class PersonPace:
    """What is kept of a person."""

    next_at: float = 0.0
    held_until: float = 0.0
    refusals: int = 0  # in a row


def reserve(number: NumberPace, person: PersonPace, pair: Pair, now: float) -> Slot:
    """Take the next slot of both, if it is near.

    Bulk plans in its own, slower pace and asks the number's when its turn is there: what it plans takes no slot from
    the other lanes, and what goes counts for all.
    """
    rate = pair.per_second * factor_at(number, now)
    interval = 1.0 / (rate * NUMBER_SHARE)
    ahead = interval * (max(1.0, rate * (1.0 - NUMBER_SHARE)) - 1.0)
    number_at = _due_at(number.next_at, number.held_until, now, ahead)
    of_number = number_at - now - ahead
    if of_number <= 0:
        number.bulk_least_at = now + BUSY_SECONDS
    if pair.is_bulk:
        if not pair.has_turn and (later := _bulk_turn(number, person, interval, ahead, now)) is not None:
            return later
        return _take_turn(number, number_at, of_number, interval, rate, now)
    person_at = _due_at(person.next_at, person.held_until, now, PERSON_AHEAD_SECONDS)
    of_person = person_at - now - PERSON_AHEAD_SECONDS
    seconds = max(0.0, of_number, of_person)
    if seconds > PLAN_SECONDS:
        full = Answer.NUMBER_FULL if of_number >= of_person else Answer.PERSON_FULL
        return Slot(answer=full, seconds=seconds)
    number.next_at = number_at + interval
    person.next_at = person_at + PERSON_SECONDS
    return Slot(answer=Answer.PLANNED if seconds > 0 else Answer.GO, seconds=seconds)


def _bulk_turn(number: NumberPace, person: PersonPace, interval: float, ahead: float, now: float) -> Slot | None:
    """Take the next turn of bulk; None where it is now."""
    bulk_ahead = ahead / 2
    bulk_at = _due_at(number.bulk_next_at, number.held_until, now, bulk_ahead)
    person_at = _due_at(person.next_at, person.held_until, now, PERSON_AHEAD_SECONDS)
    of_bulk, of_person = bulk_at - now - bulk_ahead, person_at - now - PERSON_AHEAD_SECONDS
    seconds = max(0.0, of_bulk, of_person)
    if seconds > PLAN_SECONDS:
        full = Answer.NUMBER_FULL if of_bulk >= of_person else Answer.PERSON_FULL
        return Slot(answer=full, seconds=seconds)
    number.bulk_next_at = bulk_at + interval / BULK_SHARE
    person.next_at = person_at + PERSON_SECONDS
    return Slot(answer=Answer.PLANNED, seconds=seconds) if seconds > 0 else None


def _take_turn(
    number: NumberPace, number_at: float, of_number: float, interval: float, rate: float, now: float
) -> Slot:
    """Bulk whose turn is now goes if the number is not busy; a little of it goes even then."""
    if of_number <= 0:
        number.next_at = number_at + interval
        return Slot(answer=Answer.GO)
    if now >= max(number.bulk_least_at, number.held_until):
        number.bulk_least_at = now + 1.0 / (rate * LEAST_BULK_SHARE)
        return Slot(answer=Answer.GO)
    return Slot(answer=Answer.PLANNED, seconds=of_number)


def slow_number(number: NumberPace, hold_seconds: float | None, now: float) -> float:
    """Half the rate, once per wave of refusals, and a pause; its seconds."""
    if now - number.slowed_at >= ONE_WAVE_SECONDS or number.factor == 1.0:
        number.factor = max(SLOWEST_FACTOR, factor_at(number, now) / 2)
        number.slowed_at = now
    number.held_until = max(number.held_until, now + (HOLD_SECONDS if hold_seconds is None else hold_seconds))
    return number.held_until - now


def hold_person(person: PersonPace, now: float) -> float:
    """4^X seconds, X being the refusals in a row before; the first slot after them is the refused message's own."""
    if now > person.held_until + IN_A_ROW_SECONDS:
        person.refusals = 0
    seconds = math.pow(HOLD_BASE, min(person.refusals, MAX_HOLD_EXPONENT))
    person.refusals += 1
    person.held_until = now + seconds
    person.next_at = person.held_until + PERSON_AHEAD_SECONDS + PERSON_SECONDS
    return seconds


def factor_at(number: NumberPace, now: float) -> float:
    """Of its full rate, what a number sends now: it doubles again and again after it was slowed down."""
    doublings = min((now - number.slowed_at) / RECOVERY_SECONDS, 64.0)
    return min(1.0, number.factor * math.exp2(doublings))


def _due_at(next_at: float, held_until: float, now: float, ahead: float) -> float:
    """When the next one is due; it may go `ahead` seconds sooner, but after a hold there is no burst."""
    return max(next_at, now, held_until + ahead if held_until > now else now)
