"""A Transport that calls an ASGI app in this process instead of a server on the network."""

from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp

from channels.transport import AnswerLost, NotSent, TransportResponse


class AsgiTransport:
    """Speaks to an app; `away` plays a server that is not there."""

    def __init__(self, app: ASGIApp) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
        self.is_away = False

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        if self.is_away:
            raise NotSent("connection refused")
        try:
            answer = await self._client.request(method, url, headers=dict(headers), content=content)
        except ConnectionError:
            raise AnswerLost("the connection was cut") from None
        return TransportResponse(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    async def aclose(self) -> None:
        await self._client.aclose()
