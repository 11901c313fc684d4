"""What a worker heeds between two sends: the rates, refusals, WhatsApp's usage headers, and who is away."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from channels.failures import Remedy
from channels.whatsapp.usage import FULL_PERCENT, SPREAD_PERCENT, Usage
from notifications.claim import Shut
from notifications.lanes import Lane
from notifications.outage import Outage
from notifications.outages import Kind, Outages
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.rates import Answer, Pair, Rates, Slot

REST_SECONDS: Final = 1.0
"""So long a worker takes no messages of a number whose slots are given away: there is nothing to do with them."""

FULL_HOLD_SECONDS: Final = 60.0
"""Pause of a number whose allowance is used up, where Meta does not say until when; it counts by the hour."""

USAGE_SECONDS: Final = 30.0
"""How often the usage headers of a number are acted on: about as fast as its rate recovers."""

log = structlog.get_logger()


class Pacing:
    """One worker's own view; what workers share is in the rates and in the database."""

    def __init__(self, rates: Rates, steady: Callable[[], float], outages: Outages | None = None) -> None:
        """`steady` is a steady clock, in seconds. `outages` are those that workers share, where they do."""
        self._rates = rates
        self._steady = steady
        self._outages = outages or Outages(steady)
        self._rest_until: dict[tuple[str, bool], float] = {}
        self._used_at: dict[str, float] = {}

    def shut(self, *, bulk: bool = False) -> Shut:
        """What should not be taken now; `bulk` where it holds all slots that it may."""
        now = self._steady()
        # Copied at once: a claim asks from another thread.
        resting = [key for key, until in list(self._rest_until.items()) if until > now]
        return Shut(
            numbers=frozenset(number for number, of_bulk in resting if not of_bulk),
            bulk_numbers=frozenset(number for number, of_bulk in resting if of_bulk),
            channels=frozenset(name for name, outage in self._outages.of_channels() if not outage.is_over),
            bulk=bulk,
        )

    def trials(self) -> list[str]:
        """The channels of which one message should try now whether they are back."""
        return [name for name, outage in self._outages.of_channels() if outage.may_try]

    def trying(self, channel: str) -> None:
        """One does."""
        self._outage(channel).trying()

    async def slot(self, message: Outgoing) -> Slot:
        """When a message that was taken may go."""
        is_bulk = message.lane == Lane.BULK
        if message.channel != "whatsapp" or message.is_probe or message.is_test or (message.has_slot and not is_bulk):
            return Slot(answer=Answer.GO)
        slot = await self._rates.reserve(_pair(message))
        if slot.answer is Answer.NUMBER_FULL:
            self._rest(message.phone_number_id, min(slot.seconds, REST_SECONDS), bulk=is_bulk)
        if slot.answer is not Answer.GO:
            self._outage(message.channel).not_tried()
        return slot

    async def learn(self, message: Outgoing, outcome: Outcome) -> Outcome:
        """Heed what came of a send; returns it with the pause that it means for the message."""
        if message.is_test:
            return outcome
        self._notice_absence(message.channel, outcome)
        match outcome:
            case Accepted(usage=usage) if usage.percent >= SPREAD_PERCENT:
                await self._spread(message.phone_number_id, usage)
            case Failed(remedy=Remedy.SLOW_NUMBER):
                held = await self._rates.slow_number(message.phone_number_id, outcome.retry_after_seconds)
                self._rest(message.phone_number_id, min(held, REST_SECONDS))
                return replace(outcome, retry_after_seconds=held)
            case Failed(remedy=Remedy.SLOW_PERSON):
                held = await self._rates.hold_person(_pair(message))
                return replace(outcome, retry_after_seconds=max(held, outcome.retry_after_seconds or 0.0))
        return outcome

    def _notice_absence(self, channel: str, outcome: Outcome) -> None:
        outage = self._outage(channel)
        if isinstance(outcome, Failed) and not outcome.was_asked:
            outage.not_tried()
            return
        is_away = isinstance(outcome, Uncertain) or (isinstance(outcome, Failed) and outcome.remedy is Remedy.TRY_AGAIN)
        if not isinstance(outcome, Accepted) and is_away and outage.failed(outcome.reason):
            log.warning(f"{channel}.away", rest_seconds=round(outage.seconds_left(), 1))
        if not is_away and outage.passed():
            log.info(f"{channel}.back")

    def _outage(self, channel: str) -> Outage:
        return self._outages.of(Kind.CHANNEL, channel)

    async def _spread(self, phone_number_id: str, usage: Usage) -> None:
        """Nearly used up: half the rate. Used up: a pause before that, as long as Meta says."""
        now = self._steady()
        if now - self._used_at.get(phone_number_id, -USAGE_SECONDS) < USAGE_SECONDS:
            return
        self._used_at[phone_number_id] = now
        is_full = usage.percent >= FULL_PERCENT
        hold = usage.regain_seconds or FULL_HOLD_SECONDS if is_full else 0.0
        await self._rates.slow_number(phone_number_id, hold)
        log.warning("number.nearly_used_up", phone_number_id=phone_number_id, percent=usage.percent, pause_seconds=hold)

    def _rest(self, phone_number_id: str, seconds: float, *, bulk: bool = False) -> None:
        self._rest_until[phone_number_id, bulk] = self._steady() + seconds


def _pair(message: Outgoing) -> Pair:
    is_bulk = message.lane == Lane.BULK
    return Pair(
        phone_number_id=message.phone_number_id,
        recipient=message.recipient or "",
        per_second=message.per_second,
        is_bulk=is_bulk,
        has_turn=is_bulk and message.has_slot,
    )
