"""An absent bot is looked for until it is back, whatever goes wrong on the way."""

import asyncio
from collections.abc import Mapping

from channels.transport import TransportResponse
from conversations.absence import Absence
from conversations.bot import Bot
from tests.waiting import DEADLINE_SECONDS


class Way:
    """A way to a bot that is ready, but for the looks that have a fault."""

    def __init__(self, faults: int = 0) -> None:
        self.faults = faults

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        self.faults -= 1
        if self.faults >= 0:
            raise RuntimeError("a fault of ours")
        return TransportResponse(status=200, headers={}, body=b"{}")

    async def aclose(self) -> None:
        pass


async def test_a_look_that_breaks_leaves_nobody_waiting() -> None:
    calls = asyncio.Queue[None]()
    absence = Absence(Bot(Way(faults=1), "http://bot", "secret"), lambda: calls.put(None))
    absence.begins("it is not reachable")
    assert absence.is_on

    await asyncio.wait_for(calls.get(), DEADLINE_SECONDS)
    assert not absence.is_on
    absence.begins("it is not reachable")
    await asyncio.wait_for(calls.get(), DEADLINE_SECONDS)

    assert absence.returns == 2


async def test_whoever_calls_everybody_back_is_waited_for_at_the_end() -> None:
    begun, is_over = asyncio.Event(), asyncio.Event()

    async def call() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_over.set()

    absence = Absence(Bot(Way(), "http://bot", "secret"), call)
    absence.begins("it is not reachable")
    await asyncio.wait_for(begun.wait(), DEADLINE_SECONDS)
    await absence.close()

    assert is_over.is_set()
