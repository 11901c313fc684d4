"""What a worker heeds between two sends: the rates, WhatsApp's refusals, its usage headers, and its absence."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from channels.whatsapp.error_codes import Remedy
from channels.whatsapp.usage import FULL_PERCENT, SPREAD_PERCENT, Usage
from notifications.claim import Outgoing
from notifications.outage import Outage
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.rates import Answer, Lane, Rates, Slot

REST_SECONDS: Final = 1.0
"""So long a worker takes no messages of a number whose slots are given away: there is nothing to do with them."""

FULL_HOLD_SECONDS: Final = 60.0
"""Pause of a number whose allowance is used up, where Meta does not say until when; it counts by the hour."""

USAGE_SECONDS: Final = 30.0
"""How often the usage headers of a number are acted on: about as fast as its rate recovers."""

log = structlog.get_logger()


class Pacing:
    """One worker's own view; what workers share is in the rates and in the database."""

    def __init__(self, rates: Rates, steady: Callable[[], float]) -> None:
        """`steady` is a steady clock, in seconds."""
        self._rates = rates
        self._steady = steady
        self._outage = Outage(steady)
        self._rest_until: dict[str, float] = {}
        self._used_at: dict[str, float] = {}

    def allowance(self, free: int) -> int:
        """How many messages may be taken, of as many as there are free slots."""
        return self._outage.allowance(free)

    def took(self) -> None:
        """At least one message was taken."""
        self._outage.trying()

    def resting(self) -> frozenset[str]:
        """The numbers of which none should be taken now."""
        now = self._steady()
        # Copied at once: a claim asks from another thread.
        return frozenset(number for number, until in list(self._rest_until.items()) if until > now)

    def seconds_left(self) -> float:
        """How long until anything may be taken at all."""
        return self._outage.seconds_left()

    async def slot(self, message: Outgoing) -> Slot:
        """When a message that was taken may go."""
        if message.has_slot or message.is_probe:
            return Slot(answer=Answer.GO)
        slot = await self._rates.reserve(_lane(message))
        if slot.answer is Answer.NUMBER_FULL:
            self._rest(message.phone_number_id, min(slot.seconds, REST_SECONDS))
        if slot.answer is not Answer.GO:
            self._outage.not_tried()
        return slot

    async def learn(self, message: Outgoing, outcome: Outcome) -> Outcome:
        """Heed what came of a send; returns it with the pause that it means for the message."""
        self._notice_absence(outcome)
        match outcome:
            case Accepted(usage=usage) if usage.percent >= SPREAD_PERCENT:
                await self._spread(message.phone_number_id, usage)
            case Failed(remedy=Remedy.SLOW_NUMBER):
                held = await self._rates.slow_number(message.phone_number_id, outcome.retry_after_seconds)
                self._rest(message.phone_number_id, min(held, REST_SECONDS))
                return replace(outcome, retry_after_seconds=held)
            case Failed(remedy=Remedy.SLOW_PERSON):
                held = await self._rates.hold_person(_lane(message))
                return replace(outcome, retry_after_seconds=max(held, outcome.retry_after_seconds or 0.0))
        return outcome

    def _notice_absence(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failed) and not outcome.was_asked:
            self._outage.not_tried()
            return
        is_away = isinstance(outcome, Uncertain) or (isinstance(outcome, Failed) and outcome.remedy is Remedy.TRY_AGAIN)
        if is_away and self._outage.failed():
            log.warning("whatsapp.away", rest_seconds=round(self._outage.seconds_left(), 1))
        if not is_away and self._outage.passed():
            log.info("whatsapp.back")

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

    def _rest(self, phone_number_id: str, seconds: float) -> None:
        self._rest_until[phone_number_id] = self._steady() + seconds


def _lane(message: Outgoing) -> Lane:
    return Lane(phone_number_id=message.phone_number_id, recipient=message.recipient, per_second=message.per_second)
