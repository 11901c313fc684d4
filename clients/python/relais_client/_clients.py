"""The two clients: `Relais` waits for its answers, `AsyncRelais` is awaited. Both offer the same operations."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, Final, TypeVar

import httpx

from relais_client._call import AsyncClient, Call, Client, Known
from relais_client._operations import Operations
from relais_client._retrying import Pause, Retries, Send, converse

T = TypeVar("T")

VERSION: Final = "0.1.0"

TIMEOUT_SECONDS: Final = 10.0
"""For one try. Relais answers within milliseconds; this covers a database that is failing over."""


class _Setup:
    """Where Relais is, and who asks."""

    def __init__(self, url: str, key: str, business: str | None, timeout: float, retries: Retries | None) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("url must be the address of Relais's private port, such as http://127.0.0.1:8081")
        if not key.isascii() or not key.strip():
            raise ValueError("key must be an API key: ./relais keys create makes one")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.retries = retries or Retries()
        self.headers = {"Authorization": f"Bearer {key.strip()}", "User-Agent": f"relais-client/{VERSION}"}
        if business is not None:
            self.headers["Relais-Business"] = business

    def request(self, step: Send) -> dict[str, Any]:
        """What httpx is to send."""
        call = step.call
        headers = dict(self.headers)
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        query = {name: str(value) for name, value in call.query.items() if value is not None}
        return {
            "method": call.method,
            "url": self.url + call.path,
            "params": query,
            "content": call.content,
            "headers": headers,
            "timeout": step.timeout_seconds,
        }


class Relais(Operations, Client):
    """Speaks to Relais with one key; safe to share between threads.

    >>> relais = Relais("http://127.0.0.1:8081", key="rk_live_…")
    >>> relais.notify("mission-accepted", to=Person(phone="+242061234567"), payload={…})
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        business: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        """`business` is for whoever asks with RELAIS_SECRET; `timeout`, in seconds, holds for each try."""
        self._setup = _Setup(url, key, business, timeout, retries)
        self._is_ours = http is None
        self._http = http or httpx.Client()

    def _answer(self, call: Call[T] | Known[T]) -> T:
        if isinstance(call, Known):
            return call.value
        talk = converse(call, self._setup.retries, self._setup.timeout)
        step = next(talk)
        try:
            while True:
                step = talk.send(self._do(step))
        except StopIteration as end:
            answer: T = end.value
            return answer

    def _do(self, step: Send | Pause) -> httpx.Response | httpx.RequestError | None:
        if isinstance(step, Pause):
            time.sleep(step.seconds)
            return None
        try:
            return self._http.request(**self._setup.request(step))
        except httpx.RequestError as error:
            return error

    def close(self) -> None:
        """Give the connections back; those of an `http` that was given are its owner's."""
        if self._is_ours:
            self._http.close()

    def __enter__(self) -> Relais:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Relais({self._setup.url!r})"


class AsyncRelais(Operations, AsyncClient):
    """The same for asyncio.

    >>> async with AsyncRelais("http://127.0.0.1:8081", key="rk_live_…") as relais:
    ...     await relais.on_mission_status_changed(mission)
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        business: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """`business` is for whoever asks with RELAIS_SECRET; `timeout`, in seconds, holds for each try."""
        self._setup = _Setup(url, key, business, timeout, retries)
        self._is_ours = http is None
        self._http = http or httpx.AsyncClient()

    async def _answer(self, call: Call[T] | Known[T]) -> T:
        if isinstance(call, Known):
            return call.value
        talk = converse(call, self._setup.retries, self._setup.timeout)
        step = next(talk)
        while True:
            came = await self._do(step)
            try:
                step = talk.send(came)
            except StopIteration as end:
                answer: T = end.value
                return answer

    async def _do(self, step: Send | Pause) -> httpx.Response | httpx.RequestError | None:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return None
        try:
            return await self._http.request(**self._setup.request(step))
        except httpx.RequestError as error:
            return error

    async def aclose(self) -> None:
        """Give the connections back; those of an `http` that was given are its owner's."""
        if self._is_ours:
            await self._http.aclose()

    async def __aenter__(self) -> AsyncRelais:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncRelais({self._setup.url!r})"
