"""Calls the action server: one pool of connections, and a limit of our own on how long an action may take."""

import asyncio
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig

#: Below the time a turn may take (20 s), above twice what a backend may take (5 s per try).
ACTION_SECONDS = 12.0
#: Below the 120 s after which the action server closes an idle connection.
KEEP_ALIVE_SECONDS = 30.0
#: No limit: each call belongs to a turn and ends within ACTION_SECONDS, so there are never more than turns under way.
#: With one, that many hanging actions would keep everybody else's waiting until their time is over too.
UNLIMITED_CONNECTIONS = 0


class ActionServer(EndpointConfig):
    """An endpoint that keeps its connections. Rasa opens one per call and waits for 300 seconds."""

    @classmethod
    def from_endpoint(cls, endpoint: EndpointConfig, seconds: float = ACTION_SECONDS) -> "ActionServer":
        server = cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )
        server._seconds = seconds
        return server

    _seconds = ACTION_SECONDS
    _session: "aiohttp.ClientSession | None" = None

    def session(self) -> Any:
        """What Rasa enters and leaves around each call: the shared session, which stays open."""
        if self._session is None or self._session.closed:
            # Rasa's own way to make one knows the headers and the basic auth; only the connector is ours.
            connector = aiohttp.TCPConnector(limit=UNLIMITED_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_SECONDS)
            auth = (
                aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
            )
            self._session = aiohttp.ClientSession(connector=connector, headers=self.headers, auth=auth)
        return _Kept(self._session)

    async def request(self, *arguments: Any, **keywords: Any) -> Any:
        keywords["timeout"] = aiohttp.ClientTimeout(total=self._seconds)
        try:
            return await super().request(*arguments, **keywords)
        except asyncio.TimeoutError:
            raise ActionTimeout(f"The action server did not answer within {self._seconds:g} s.") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class ActionTimeout(Exception):
    """An action took longer than a turn can wait. It may still be running."""


class _Kept:
    """Leaves the session open at the end of `async with`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        return None
