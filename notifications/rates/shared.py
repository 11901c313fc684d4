"""Rates that several workers share through Redis: the arithmetic of `pace`, as scripts that Redis runs in one step.

Redis smooths and promises nothing: while it is away each worker counts for itself, and sending goes on. Its clock is
the one that counts, so that workers whose clocks differ agree.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from channels.whatsapp.rates import PERSON_SECONDS
from notifications.rates import pace
from notifications.rates.local import LocalRates
from notifications.rates.pace import Answer, Pair, Rates, Slot

TIMEOUT_SECONDS: Final = 0.25
"""For one question. Redis answers in well under a millisecond; a send that waits longer is better counted here."""

AWAY_SECONDS: Final = 5.0
"""So long a Redis that did not answer is not asked again."""

KEEP_SECONDS: Final = 3600
"""After which Redis forgets a number or a person that nothing was sent to: longer than any burst is paid back."""

log = structlog.get_logger()


class SharedRates:
    """Asks Redis, and counts in this process while Redis is away."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "relais:rates:",
        alone: Rates | None = None,
        clock: Callable[[], float] | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`alone` counts while Redis is away; without `clock` Redis's own counts; `steady` times its absences."""
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
        self._prefix = prefix
        self._alone = alone or LocalRates(steady)
        self._clock = clock
        self._steady = steady
        self._away_until: float | None = None
        self._reserve, self._slow_number, self._hold_person = (
            self._redis.register_script(Path(__file__).with_name(f"{name}.lua").read_text(encoding="utf-8"))
            for name in ("reserve", "slow_number", "hold_person")
        )

    async def reserve(self, pair: Pair) -> Slot:
        figures = (
            pair.per_second,
            0 if not pair.is_bulk else 1 if not pair.has_turn else 2,
            pace.NUMBER_SHARE,
            pace.BULK_SHARE,
            pace.LEAST_BULK_SHARE,
            pace.BUSY_SECONDS,
            PERSON_SECONDS,
            pace.PERSON_AHEAD_SECONDS,
            pace.PLAN_SECONDS,
            pace.RECOVERY_SECONDS,
            KEEP_SECONDS,
        )
        said = await self._ask(self._reserve, [self._number(pair.phone_number_id), self._person(pair)], figures)
        if said is None:
            return await self._alone.reserve(pair)
        return Slot(answer=Answer(said[0].decode()), seconds=float(said[1]))

    async def slow_number(self, phone_number_id: str, hold_seconds: float | None) -> float:
        hold = pace.HOLD_SECONDS if hold_seconds is None else hold_seconds
        figures = (hold, pace.SLOWEST_FACTOR, pace.ONE_WAVE_SECONDS, pace.RECOVERY_SECONDS, KEEP_SECONDS)
        said = await self._ask(self._slow_number, [self._number(phone_number_id)], figures)
        return await self._alone.slow_number(phone_number_id, hold_seconds) if said is None else float(said)

    async def hold_person(self, pair: Pair) -> float:
        figures = (
            pace.HOLD_BASE,
            pace.MAX_HOLD_EXPONENT,
            pace.IN_A_ROW_SECONDS,
            pace.PERSON_AHEAD_SECONDS,
            PERSON_SECONDS,
            KEEP_SECONDS,
        )
        said = await self._ask(self._hold_person, [self._person(pair)], figures)
        return await self._alone.hold_person(pair) if said is None else float(said)

    async def aclose(self) -> None:
        await self._redis.aclose()
        await self._alone.aclose()

    async def _ask(self, script: AsyncScript, keys: Sequence[str], figures: Sequence[float]) -> Any:
        """What the script says; None while Redis is away."""
        if self._away_until is not None and self._steady() < self._away_until:
            return None
        now = "" if self._clock is None else self._clock()
        try:
            said = await script(keys=keys, args=[now, *figures])
        except (RedisError, OSError) as error:
            if self._away_until is None:
                log.warning(
                    "rates.redis_away", problem=type(error).__name__, until_then="each worker counts for itself"
                )
            self._away_until = self._steady() + AWAY_SECONDS
            return None
        if self._away_until is not None:
            self._away_until = None
            log.info("rates.redis_back")
        return said

    def _number(self, phone_number_id: str) -> str:
        return f"{self._prefix}number:{phone_number_id}"

    def _person(self, pair: Pair) -> str:
        """Redis keeps no phone numbers: a person is known there by a digest."""
        named = f"{pair.phone_number_id}/{pair.recipient}".encode()
        return f"{self._prefix}person:{hashlib.blake2b(named, digest_size=16).hexdigest()}"
