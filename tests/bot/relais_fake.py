"""Relais's private port on loopback: takes what is said unasked, or answers as told."""

import asyncio
from typing import Any

from aiohttp import web


class FakeRelais:
    """`taken` are (sender, body) in order of arrival; `statuses` are answered first, one request each."""

    def __init__(self, secret: str) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.detail: Any = "Nothing was queued: responses[0]: custom: is nothing that WhatsApp has."
        self.url = ""
        self.arrived = asyncio.Event()
        self._secret = secret
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/internal/conversations/{sender}/responses", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, shutdown_timeout=0.1).start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def texts(self) -> list[str]:
        return [response.get("text", "") for _, body in self.taken for response in body["responses"]]

    async def _take(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {self._secret}":
            return web.json_response({"detail": "The shared secret is missing or wrong."}, status=401)
        self.taken.append((request.match_info["sender"], await request.json()))
        self.arrived.set()
        status = self.statuses.pop(0) if self.statuses else 202
        return web.json_response({"repeated": False} if status == 202 else {"detail": self.detail}, status=status)
