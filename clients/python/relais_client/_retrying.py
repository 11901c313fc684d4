"""Sends one call until it is answered, or until its time is over: when again, how long to wait, what each answer means.

It does no I/O itself: `converse` says what to do next and is told what came of it, so that both clients follow it.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from relais_client._call import Call
from relais_client._errors import BadAnswer, NotReached, RelaisError, refusal

T = TypeVar("T")

SHORTEST_TRY_SECONDS: Final = 0.05
"""A try that is given less could not be answered. Our choice."""


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How long to go on. Tried again are 429, 5xx, a request that is still at work, and one that nobody answered."""

    within_seconds: float = 30.0
    """All tries and pauses together, the first one included; 0 tries once, for as long as a try may take."""
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 8.0

    def limit(self, timeout_seconds: float, elapsed: float) -> float:
        """Seconds that the next try may take."""
        if self.within_seconds == 0:
            return timeout_seconds
        return min(timeout_seconds, max(self.within_seconds - elapsed, SHORTEST_TRY_SECONDS))

    def pause(self, error: RelaisError, tried: int, elapsed: float, luck: float) -> float | None:
        """Seconds until the next try after `tried` of them; None: give up. `luck`, 0 to 1, keeps many clients apart."""
        if not error.may_pass:
            return None
        grown = min(self.first_pause_seconds * 2.0 ** (tried - 1), self.longest_pause_seconds)
        wait = grown * (0.5 + luck / 2)
        if error.retry_after is not None:
            wait = error.retry_after + grown * luck / 2
        return wait if elapsed + wait < self.within_seconds else None


@dataclass(frozen=True)
class Send:
    """Send this now."""

    call: Call[Any]
    timeout_seconds: float


@dataclass(frozen=True)
class Pause:
    """Wait so long."""

    seconds: float


Came = httpx.Response | httpx.RequestError | None
"""What came of a step; of a pause, nothing."""


def converse(
    call: Call[T],
    retries: Retries,
    timeout_seconds: float,
    clock: Callable[[], float] = time.monotonic,
    luck: Callable[[], float] = random.random,
) -> Generator[Send | Pause, Came, T]:
    """The steps that lead to the answer of a call. Raises RelaisError."""
    began, tried = clock(), 0
    while True:
        tried += 1
        came = yield Send(call, retries.limit(timeout_seconds, clock() - began))
        try:
            return _read(call, came)
        except RelaisError as error:
            wait = retries.pause(error, tried, clock() - began, luck())
            if wait is None:
                raise
        yield Pause(wait)


def _read(call: Call[T], came: Came) -> T:
    if not isinstance(came, httpx.Response):
        raise NotReached(call.asked, type(came).__name__, call.idempotency_key) from came
    if came.status_code >= 400:
        raise refusal(came.status_code, _problem(came), _retry_after(came.headers))
    if not came.is_success:
        raise BadAnswer(f"{call.asked}: answered with status {came.status_code}; is the address Relais's?")
    if not came.content:
        return call.read(None)
    try:
        told = json.loads(came.content)
    except ValueError:
        raise BadAnswer(f"{call.asked}: the answer is no JSON; is the address Relais's?") from None
    return call.read(told)


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    """What is said of the refusal; a proxy in between may say it in its own way, which helps nobody."""
    try:
        told = json.loads(response.content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds. Relais never names a date."""
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() else None
