"""The small world of these tests: an emulator, a server that receives its webhooks, a few people."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from channels.whatsapp.emulator.app import create_app
from channels.whatsapp.emulator.delivery import certificates
from channels.whatsapp.emulator.policy import WindowRule
from channels.whatsapp.emulator.serving import listen, running
from channels.whatsapp.emulator.settings import EmulatorSettings

KIMIA, JASMIN = "100000000000001", "100000000000002"
GRACE, PATRICK, SAMI = "242061234567", "242055551234", "21620123456"
TOKEN, APP_SECRET, VERIFY_TOKEN = "graph-token", "app-secret", "verify-token"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PROGRAM = {"X-Emulator": "1"}

BUSINESSES = f"""
businesses:
  - {{name: Kimia Express, numbers: [{{phone_number_id: "{KIMIA}", display_number: "+242 06 500 00 01"}}]}}
  - {{name: Jasmin Livraison, numbers: [{{phone_number_id: "{JASMIN}", display_number: "+216 71 000 002"}}]}}
"""


def settings_in(
    folder: Path, webhook_url: str = "http://127.0.0.1:9/webhook", window: WindowRule = "off"
) -> EmulatorSettings:
    (folder / "business.yml").write_text(BUSINESSES, encoding="utf-8")
    return EmulatorSettings(
        _env_file=None,
        emulator_webhook_url=webhook_url,
        emulator_window=window,
        whatsapp_app_secret=SecretStr(APP_SECRET),
        whatsapp_token=SecretStr(TOKEN),
        whatsapp_verify_token=SecretStr(VERIFY_TOKEN),
        var_dir=folder / "var",
        business_file=folder / "business.yml",
    )


@dataclass
class Receiver:
    """A business's server, as small as it can be: checks the signature, keeps the body, answers what it is told."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refuse_next: int = 0
    forged: int = 0
    handshakes: int = 0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/webhook", self._verify), Route("/webhook", self._take, methods=["POST"])])

    @property
    def changes(self) -> list[dict[str, Any]]:
        return [change for body in self.bodies for entry in body["entry"] for change in entry["changes"]]

    @property
    def values(self) -> list[dict[str, Any]]:
        return [change["value"] for change in self.changes]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", [])]

    @property
    def texts(self) -> list[str]:
        return [message["text"]["body"] for message in self.messages if message["type"] == "text"]

    async def _verify(self, request: Request) -> Response:
        self.handshakes += 1
        if request.query_params.get("hub.verify_token") != VERIFY_TOKEN:
            return PlainTextResponse("no", 403)
        return PlainTextResponse(request.query_params["hub.challenge"])

    async def _take(self, request: Request) -> Response:
        raw = await request.body()
        expected = "sha256=" + hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        if request.headers.get("x-hub-signature-256") != expected:
            self.forged += 1
            return PlainTextResponse("forged", 401)
        if self.refuse_next:
            self.refuse_next -= 1
            return PlainTextResponse("not now", 503)
        self.raw.append(raw)
        self.bodies.append(json.loads(raw))
        return PlainTextResponse("ok")


@asynccontextmanager
async def receiving(receiver: Receiver, port: int = 0) -> AsyncIterator[str]:
    """The receiver behind a real port."""
    listener = listen(port)
    server = uvicorn.Server(uvicorn.Config(receiver.app(), access_log=False, log_level="warning"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/webhook"
    finally:
        server.should_exit = True
        await task


@dataclass
class Emulator:
    """An emulator that runs, seen by a program: the Graph API with its token, the test API with its header."""

    address: str
    http: httpx.AsyncClient

    async def graph(self, payload: dict[str, Any], number: str = KIMIA, **kwargs: Any) -> httpx.Response:
        return await self.http.post(f"/v23.0/{number}/messages", json=payload, headers=BEARER, **kwargs)

    async def say(self, wa_id: str, payload: dict[str, Any], number: str = KIMIA, **around: Any) -> str:
        """The business sends; returns the wamid."""
        body = {"messaging_product": "whatsapp", "to": wa_id, **payload, **around}
        response = await self.graph(body, number)
        assert response.status_code == 200, response.text
        return str(response.json()["messages"][0]["id"])

    async def phone(self, wa_id: str, number: str = KIMIA, **command: Any) -> dict[str, Any]:
        """The person acts; returns the API's answer."""
        response = await self.http.post(
            f"/api/phones/{wa_id}/send", json={"phone_number_id": number, **command}, headers=PROGRAM
        )
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def chat(self, wa_id: str, number: str = KIMIA) -> list[dict[str, Any]]:
        response = await self.http.get(f"/api/phones/{wa_id}/messages", params={"phone_number_id": number})
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


@asynccontextmanager
async def emulating(settings: EmulatorSettings, port: int = 0) -> AsyncIterator[Emulator]:
    """Behind a real port, delivering to one: for browsers, streams, and servers that go and come back."""
    async with (
        running(create_app(settings), port) as address,
        httpx.AsyncClient(base_url=address, trust_env=False, verify=certificates()) as http,
    ):
        yield Emulator(address=address, http=http)


@asynccontextmanager
async def delivering(settings: EmulatorSettings, receiver: Receiver) -> AsyncIterator[Emulator]:
    """Delivers to the receiver like one that is served, without a port between the two."""
    app = create_app(settings, to_server=httpx.ASGITransport(app=receiver.app()))
    async with app.router.lifespan_context(app), _without_network(app) as emulator:
        yield emulator


@asynccontextmanager
async def asking(settings: EmulatorSettings) -> AsyncIterator[Emulator]:
    """Answers requests, and delivers nothing."""
    async with _without_network(create_app(settings)) as emulator:
        yield emulator


@asynccontextmanager
async def _without_network(app: ASGIApp) -> AsyncIterator[Emulator]:
    address = "http://127.0.0.1:8025"
    async with httpx.AsyncClient(base_url=address, transport=httpx.ASGITransport(app=app)) as http:
        yield Emulator(address=address, http=http)


async def eventually(
    happened: Callable[[], bool] | Callable[[], Awaitable[bool]], within_seconds: float = 10.0
) -> None:
    """Wait until something is so; fails when it is not in time."""
    async with asyncio.timeout(within_seconds):
        while True:
            answer = happened()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)


def text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "What next?", **extra: Any) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": body}, "action": {"buttons": replies}, **extra},
    }


def listing(*titles: str, body: str = "Your deliveries", button: str = "Choose") -> dict[str, Any]:
    rows = [{"id": f"row-{title}", "title": title, "description": f"About {title}"} for title in titles]
    return {
        "type": "interactive",
        "interactive": {
            "type": "list",
            "body": {"text": body},
            "action": {"button": button, "sections": [{"title": "Recent", "rows": rows}]},
        },
    }
