"""How many requests a key may make in a minute: counted in this process, or in Redis for several of them."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

WINDOW_SECONDS: Final = 60

REDIS_SECONDS: Final = 0.25
"""For one question; a request that waits longer is better counted here."""

AWAY_SECONDS: Final = 5.0
"""So long a Redis that did not answer is not asked again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left to a key until its window ends."""

    limit: int
    remaining: int
    """Below zero: this request is one too many."""
    reset_seconds: int

    @property
    def is_spent(self) -> bool:
        """Whether this request is refused."""
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-10 writes it."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"key";r={max(0, self.remaining)};t={self.reset_seconds}',
        }


class RequestLimits(Protocol):
    """Counts requests."""

    async def count(self, key_id: str) -> Allowance:
        """Count one more of this key."""
        ...

    async def aclose(self) -> None: ...


class LocalLimits:
    """Counts in this process alone."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.time) -> None:
        """`limit` requests a minute; `clock` in seconds since the epoch."""
        self._limit = limit
        self._clock = clock
        self._window = 0
        self._counts: dict[str, int] = {}

    async def count(self, key_id: str) -> Allowance:
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        if window != self._window:
            self._window, self._counts = window, {}
        self._counts[key_id] = used = self._counts.get(key_id, 0) + 1
        return _allowance(self._limit, used, now)

    async def aclose(self) -> None:
        """Nothing is held."""


class SharedLimits:
    """Counts in Redis, and in this process while Redis is away: a limit that smooths is no reason to refuse."""

    def __init__(
        self,
        url: str,
        limit: int,
        *,
        prefix: str = "relais:requests:",
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)
        self._limit = limit
        self._prefix = prefix
        self._clock = clock
        self._steady = steady
        self._alone = LocalLimits(limit, clock)
        self._away_until: float | None = None

    async def count(self, key_id: str) -> Allowance:
        if self._away_until is not None and self._steady() < self._away_until:
            return await self._alone.count(key_id)
        now = self._clock()
        name = f"{self._prefix}{key_id}:{int(now // WINDOW_SECONDS)}"
        try:
            async with self._redis.pipeline(transaction=False) as asked:
                asked.incr(name)
                asked.expire(name, 2 * WINDOW_SECONDS)
                used, _ = await asked.execute()
        except (RedisError, OSError) as error:
            if self._away_until is None:
                log.warning("requests.redis_away", problem=type(error).__name__)
            self._away_until = self._steady() + AWAY_SECONDS
            return await self._alone.count(key_id)
        self._away_until = None
        return _allowance(self._limit, int(used), now)

    async def aclose(self) -> None:
        await self._redis.aclose()


def _allowance(limit: int, used: int, now: float) -> Allowance:
    reset = math.ceil(WINDOW_SECONDS - now % WINDOW_SECONDS)
    return Allowance(limit=limit, remaining=limit - used, reset_seconds=max(1, reset))
