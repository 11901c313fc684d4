"""An action server on loopback that says what it was asked, and hangs or fails when told to."""

import asyncio
from typing import Any

from aiohttp import web


class FakeActionServer:
    """`calls` are the bodies Rasa sent, in order."""

    def __init__(self, secret: str) -> None:
        self.calls: list[dict[str, Any]] = []
        self.url = ""
        self.status = 200
        self.followups: dict[str, str] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()
        self.arrivals = asyncio.Semaphore(0)
        self._secret = secret
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/webhook", self._run)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, shutdown_timeout=0.1)
        await site.start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}/webhook"

    async def stop(self) -> None:
        self.gate.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def names(self) -> list[str]:
        return [call["next_action"] for call in self.calls]

    async def _run(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != f"Bearer {self._secret}":
            return web.Response(status=401)
        body = await request.json()
        self.calls.append(body)
        self.started.set()
        self.arrivals.release()
        await self.gate.wait()
        if self.status != 200 or body["next_action"] == "action_break_down":
            return web.json_response({"error": "broken", "request_body": body}, status=500)
        slots = body["tracker"]["slots"]
        text = f"{slots['delivery_code']} in {slots['language']}"
        followup = self.followups.get(body["next_action"])
        events = [{"event": "followup", "name": followup}] if followup else []
        return web.json_response(
            {"events": events, "responses": [{"text": text, "custom": {"code": slots["delivery_code"]}}]}
        )
