"""Chooses who delivers a message: the providers of its channel in their order, the next one only after a definite no.

A provider that says nothing is passed over for a while where another can do it, and one that refuses our account is
left alone, then tried with one message. Workers share what they find out (`outages`).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from channels.failures import Remedy
from notifications.outage import Outage
from notifications.outages import Kind, Outages
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Provider, Uncertain

PASSED_ON: Final = (Remedy.TRY_AGAIN, Remedy.STOP_PROVIDER, Remedy.OTHER_PROVIDER)
"""Nothing was carried out, and it is no fault of the person's or of the request's: another provider may do it."""

WITHIN_SECONDS: Final = 4.0
"""Another provider is asked only so soon: by SMTP it may take 25 s, and the lease of the send is half a minute."""

NOBODY: Final = "nobody"
"""The provider of a message that no provider was asked about."""

UNSERVED: Final = "Nothing is set up here to send messages on this channel: see its settings in .env.example."
ALL_STOPPED: Final = "Every provider of the channel refuses our account; one message at a time tries again."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Line:
    """A provider, and what is known of it."""

    provider: Provider
    away: Outage
    """It says nothing."""
    refusal: Outage
    """It refuses our account."""

    @property
    def is_stopped(self) -> bool:
        return not self.refusal.is_over and not self.refusal.may_try

    @property
    def is_away(self) -> bool:
        return not self.away.is_over and not self.away.may_try

    def would_be_asked(self) -> None:
        self.away.is_wanted = self.refusal.is_wanted = True

    async def deliver(self, message: Outgoing) -> Outcome:
        self.refusal.trying()
        self.away.trying()
        outcome = await self.provider.deliver(message)
        self._learn(outcome)
        return outcome

    def _learn(self, outcome: Outcome) -> None:
        match outcome:
            case Failed(was_asked=False):
                self.away.not_tried()
                self.refusal.not_tried()
            case Failed(remedy=Remedy.STOP_PROVIDER):
                self.away.passed()
                if self.refusal.failed(outcome.reason):
                    # Said once, and loudly: nothing passes until somebody acts.
                    log.error("provider.stopped", provider=self.provider.name, reason=outcome.reason)
            case Uncertain() | Failed(remedy=Remedy.TRY_AGAIN):
                self.refusal.not_tried()
                if self.away.failed(outcome.reason):
                    # Of a whole channel the worker says it, louder.
                    log.info("provider.away", provider=self.provider.name, reason=outcome.reason)
            case _:
                # Both are told.
                if self.away.passed() | self.refusal.passed():
                    log.info("provider.back", provider=self.provider.name)


class ProviderRouter:
    """All channels' providers behind one door."""

    def __init__(
        self,
        providers: Iterable[Provider],
        steady: Callable[[], float] = time.monotonic,
        outages: Outages | None = None,
    ) -> None:
        """In the order in which those of one channel are asked; `steady` is a steady clock, in seconds.

        `outages` are those that workers share, where they do.
        """
        self._steady = steady
        known, by_channel = outages or Outages(steady), defaultdict[str, list[Provider]](list)
        for provider in providers:
            by_channel[provider.channel].append(provider)
        self._lines = {
            channel: [_line(each, known, steady, is_one_of_several=len(those) > 1) for each in those]
            for channel, those in by_channel.items()
        }

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


def _line(provider: Provider, known: Outages, steady: Callable[[], float], *, is_one_of_several: bool) -> _Line:
    """Of a channel's only provider the channel's own outage tells enough."""
    away = known.of(Kind.PROVIDER, provider.name) if is_one_of_several else Outage(steady)
    return _Line(provider, away, known.of(Kind.REFUSED, provider.name))


def _worth_asking(lines: Sequence[_Line]) -> list[_Line]:
    """None that refuses our account; those that are away only where nobody else is there."""
    for line in lines:
        line.would_be_asked()
    running = [line for line in lines if not line.is_stopped]
    return [line for line in running if not line.is_away] or running


def _told(outcome: Outcome, refusals: Collection[Failed]) -> Outcome:
    """An accepted message remembers who would not have it."""
    if not refusals or not isinstance(outcome, Accepted):
        return outcome
    notes = [f"{each.provider} did not take it, {outcome.provider} did: {each.reason}" for each in refusals]
    return replace(outcome, notes=(*outcome.notes, *notes))


def _unasked(remedy: Remedy, reason: str) -> Failed:
    return Failed(provider=NOBODY, reason=reason, code=None, remedy=remedy, was_asked=False)
