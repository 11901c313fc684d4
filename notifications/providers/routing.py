"""Chooses who delivers a message: the providers of its channel in their order, the next one only after a definite no.

A provider that says nothing is passed over for a while where another can do it, and one that refuses our account is
left alone, then tried with one message. Each worker finds that out for itself.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from channels.failures import Remedy
from notifications.outage import Outage
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Provider, Uncertain
from telemetry.metrics import PROVIDER_STOPPED

PASSED_ON: Final = (Remedy.TRY_AGAIN, Remedy.STOP_PROVIDER, Remedy.OTHER_PROVIDER)
"""Nothing was carried out, and it is no fault of the person's or of the request's: another provider may do it."""

WITHIN_SECONDS: Final = 4.0
"""Another provider is asked only so soon: by SMTP it may take 25 s, and the lease of the send is half a minute."""

FIRST_STOP_SECONDS, LONGEST_STOP_SECONDS = 5.0, 600.0
"""How long a provider that refused our account is left alone; each stop in a row is twice the one before."""

NOBODY: Final = "nobody"
"""The provider of a message that no provider was asked about."""

UNSERVED: Final = "Nothing is set up here to send messages on this channel: see its settings in .env.example."
ALL_STOPPED: Final = "Every provider of the channel refuses our account; one message at a time tries again."

log = structlog.get_logger()


@dataclass(slots=True)
class _Line:
    """A provider, and what is known of it."""

    provider: Provider
    outage: Outage
    steady: Callable[[], float]
    stops: int = 0
    stopped_until: float = field(default=0.0)

    @property
    def is_stopped(self) -> bool:
        return self.stops > 0 and self.steady() < self.stopped_until

    @property
    def is_away(self) -> bool:
        return not self.outage.is_over and not self.outage.may_try

    async def deliver(self, message: Outgoing) -> Outcome:
        if self.stops:
            # The one that tries: others wait until its outcome is known.
            self._rest()
        self.outage.trying()
        outcome = await self.provider.deliver(message)
        self._learn(outcome)
        return outcome

    def _learn(self, outcome: Outcome) -> None:
        match outcome:
            case Failed(was_asked=False):
                self.outage.not_tried()
            case Failed(remedy=Remedy.STOP_PROVIDER):
                if not self.stops:
                    # Said once, and loudly: nothing passes until somebody acts.
                    log.error("provider.stopped", provider=self.provider.name, reason=outcome.reason)
                    PROVIDER_STOPPED.labels(self.provider.name).set(1)
                self.stops += 1
                self._rest()
            case Uncertain() | Failed(remedy=Remedy.TRY_AGAIN):
                if self.outage.failed():
                    # Of a whole channel the worker says it, louder.
                    log.info("provider.away", provider=self.provider.name, reason=outcome.reason)
            case _:
                if self.outage.passed() or self.stops:
                    log.info("provider.back", provider=self.provider.name)
                    PROVIDER_STOPPED.labels(self.provider.name).set(0)
                self.stops = 0

    def _rest(self) -> None:
        doubled = FIRST_STOP_SECONDS * 2.0 ** min(max(self.stops - 1, 0), 16)
        self.stopped_until = self.steady() + min(LONGEST_STOP_SECONDS, doubled)


class ProviderRouter:
    """All channels' providers behind one door."""

    def __init__(self, providers: Iterable[Provider], steady: Callable[[], float] = time.monotonic) -> None:
        """In the order in which those of one channel are asked; `steady` is a steady clock, in seconds."""
        self._steady = steady
        self._lines: dict[str, list[_Line]] = {}
        for provider in providers:
            self._lines.setdefault(provider.channel, []).append(_Line(provider, Outage(steady), steady))

    async def deliver(self, message: Outgoing) -> Outcome:
        lines = self._lines.get(message.channel)
        if not lines:
            return _unasked(Remedy.NOT_OFFERED, UNSERVED)
        began, refusals = self._steady(), list[Failed]()
        for line in _worth_asking(lines):
            if refusals and self._steady() - began > WITHIN_SECONDS:
                break
            outcome = await line.deliver(message)
            if not isinstance(outcome, Failed) or outcome.remedy not in PASSED_ON:
                return _told(outcome, refusals)
            refusals.append(outcome)
        # Where one may do it later, the message waits for that one.
        return min(refusals, key=lambda each: PASSED_ON.index(each.remedy), default=None) or _unasked(
            Remedy.STOP_PROVIDER, ALL_STOPPED
        )


def _worth_asking(lines: Iterable[_Line]) -> list[_Line]:
    """None that refuses our account; those that are away only where nobody else is there."""
    running = [line for line in lines if not line.is_stopped]
    return [line for line in running if not line.is_away] or running


def _told(outcome: Outcome, refusals: Iterable[Failed]) -> Outcome:
    """An accepted message remembers who would not have it."""
    if not isinstance(outcome, Accepted):
        return outcome
    notes = [f"{each.provider} did not take it, {outcome.provider} did: {each.reason}" for each in refusals]
    return replace(outcome, notes=(*outcome.notes, *notes))


def _unasked(remedy: Remedy, reason: str) -> Failed:
    return Failed(provider=NOBODY, reason=reason, code=None, remedy=remedy, was_asked=False)
