"""Both clients against the real API in this process, so that each test says once what both do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from relais_client import AsyncRelais, Relais, Retries
from tests.house import House
from tests.server.api.shop import Shop, shop_of

URL = "http://relais.test"
AT_ONCE = Retries(within_seconds=20, first_pause_seconds=0)
"""Tries again without a pause, unless Relais names one."""

Ask = Callable[..., Awaitable[Any]]
"""Does an operation by its name, and lists what is a list."""


@dataclass
class Bridge(httpx.BaseTransport):
    """Lets the client that waits reach an app that lives in the loop of the test."""

    loop: asyncio.AbstractEventLoop
    to: httpx.AsyncBaseTransport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self.loop).result(20)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self.to.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


async def asking(kind: str, to: httpx.AsyncBaseTransport, key: str, retries: Retries = AT_ONCE) -> Ask:
    """The client of this kind, with `to` at the other end."""
    if kind == "async":
        awaited = AsyncRelais(URL, key, retries=retries, http=httpx.AsyncClient(transport=to))

        async def ask(operation: str, *args: Any, **more: Any) -> Any:
            answer = getattr(awaited, operation)(*args, **more)
            return [each async for each in answer] if isinstance(answer, AsyncIterator) else await answer

        return ask
    waiting = Relais(URL, key, retries=retries, http=httpx.Client(transport=Bridge(asyncio.get_running_loop(), to)))

    async def ask_in_thread(operation: str, *args: Any, **more: Any) -> Any:
        def ask() -> Any:
            answer = getattr(waiting, operation)(*args, **more)
            return list(answer) if hasattr(answer, "__next__") else answer

        return await asyncio.to_thread(ask)

    return ask_in_thread


@pytest.fixture
def kind() -> str:
    """Which of the two clients; `of_both` asks for one after the other."""
    return "async"


of_both = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.fixture
async def shop(small_house: House) -> Shop:
    """A business with a key that may do everything, on a server that does not send."""
    return await shop_of(small_house)


@pytest.fixture
async def ask(kind: str, small_house: House, shop: Shop) -> Ask:
    return await asking(kind, small_house.private._transport, shop.secret)
