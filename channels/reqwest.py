"""The transport of the send lane: Rust's reqwest on threads of its own, which leaves Python's to the messages.

It keeps the contract of `transport`, as aiohttp does, at a third of its CPU for each request.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.request import ConsumedRequest

from channels.transport import (
    CONNECT_TIMEOUT_SECONDS,
    KEEP_ALIVE_SECONDS,
    AnswerLost,
    NotSent,
    TransportResponse,
)

NEVER_CONNECTED: Final = "client error (Connect)"
"""What stands among the causes where no connection came about. The exceptions' classes do not tell: a connection that
is closed after the request was read is a ConnectError there, and a late answer a ConnectTimeoutError. hyper-util's
word; whatever else is said counts as an answer that was lost, which is the careful side."""


class ReqwestTransport:
    """At most `limit` requests at once; the others wait for a connection, no longer than for a new one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._free = asyncio.Semaphore(limit)
        self._clients: dict[float, Client] = {}

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        # Less than the total, so that it is clear which of the two has passed.
        connect_seconds = min(CONNECT_TIMEOUT_SECONDS, timeout_seconds / 2)
        await self._acquire(connect_seconds)
        try:
            asked = self._build(method, url, headers, content, connect_seconds, timeout_seconds)
            answer = await asked.send()
            body = await answer.bytes()
        except PyreqwestError as error:
            lost = NotSent if _never_connected(error) else AnswerLost
            raise lost(type(error).__name__) from error
        finally:
            self._free.release()
        named = {name.lower(): value for name, value in answer.headers.items()}
        return TransportResponse(status=answer.status, headers=named, body=bytes(body))

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.close()

    def _build(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        connect_seconds: float,
        timeout_seconds: float,
    ) -> ConsumedRequest:
        try:
            asked = self._client(connect_seconds).request(method, url).headers(headers).body_bytes(content)
            return asked.timeout(timedelta(seconds=timeout_seconds)).build()
        except ValueError as error:
            raise NotSent(type(error).__name__) from error

    async def _acquire(self, seconds: float) -> None:
        if not self._free.locked():
            # Costs nothing where somebody is free, which is nearly always.
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise NotSent("no free connection") from error

    def _client(self, connect_seconds: float) -> Client:
        """One for each limit on connecting, since it is a client's and not a request's; there are one or two."""
        if connect_seconds not in self._clients:
            self._clients[connect_seconds] = (
                ClientBuilder()
                .no_proxy()
                .follow_redirects(False)
                .referer(False)
                .connect_timeout(timedelta(seconds=connect_seconds))
                .pool_idle_timeout(timedelta(seconds=KEEP_ALIVE_SECONDS))
                .pool_max_idle_per_host(self._limit)
                .build()
            )
        return self._clients[connect_seconds]


def _never_connected(error: PyreqwestError) -> bool:
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return any(cause["message"] == NEVER_CONNECTED for cause in causes or ())
