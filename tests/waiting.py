"""Waiting in tests: poll with a deadline, never sleep and hope."""

import asyncio
import time
from collections.abc import Awaitable, Callable

DEADLINE_SECONDS = 20.0


async def until[T](ask: Callable[[], Awaitable[T | None]], deadline_seconds: float = DEADLINE_SECONDS) -> T:
    """Ask again and again until the answer is true; it is returned. Fails when the time is over."""
    ends = time.monotonic() + deadline_seconds
    while True:
        answer = await ask()
        if answer:
            return answer
        assert time.monotonic() < ends, f"still {answer!r} after {deadline_seconds} s"
        await asyncio.sleep(0.01)
