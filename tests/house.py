"""The server in one test process: its real parts and apps, with a small bot and a small WhatsApp behind them."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from channels.transport import Transport
from conversations.tables import turns
from notifications.tables import messages
from server.parts import Parts, Runner, Transports, build
from server.private import private_app
from server.public import public_app
from server.replay import replay
from server.settings import Settings
from tests.asgi_transport import AsgiTransport
from tests.waiting import until

KIMIA, JASMIN = "100000000000001", "100000000000002"
GRACE, PATRICK = "242061234567", "242055551234"
SECRET, APP_SECRET = "a-secret-for-tests-only", "an-app-secret-for-tests"

Answer = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass
class SmallBot:
    """Answers turns as told, and remembers them. Like the real one, it answers a repeated id the same."""

    answer: Answer | None = None
    turns: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    can_forget: bool = True
    is_ready: bool = True

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/webhooks/whatsapp/turn", self._turn, methods=["POST"]),
                Route("/webhooks/whatsapp/ready", self._ready),
                Route("/webhooks/whatsapp/conversations/{sender_id}", self._forget, methods=["DELETE"]),
            ]
        )

    async def _turn(self, request: Request) -> JSONResponse:
        asked = await request.json()
        if not self.is_ready:
            return JSONResponse({"detail": "not ready"}, status_code=503)
        self.turns.append(asked)
        said = await (self.answer or echo)(asked)
        return said if isinstance(said, JSONResponse) else JSONResponse({"replayed": False, **said})

    async def _forget(self, request: Request) -> JSONResponse:
        if not self.is_ready:
            return JSONResponse({"detail": "not ready"}, status_code=503)
        if not self.can_forget:
            return JSONResponse({"detail": "this store cannot"}, status_code=501)
        self.forgotten.append(request.path_params["sender_id"])
        return JSONResponse({"events": 1})

    async def _ready(self, request: Request) -> JSONResponse:
        return JSONResponse({}, status_code=200 if self.is_ready else 503)


def text_of(asked: dict[str, Any]) -> str:
    return str(asked.get("text") or asked["parse_data"]["text"])


async def echo(asked: dict[str, Any]) -> dict[str, Any]:
    return {"responses": [{"text": f"you said {text_of(asked)}"}], "events": [{"event": "user"}]}


@dataclass
class SmallWhatsApp:
    """Accepts every message, unless told otherwise, and keeps what it accepted."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    read: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    refuse: Callable[[dict[str, Any]], JSONResponse | None] = lambda asked: None
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/{version}/{phone_number_id}/messages", self._send, methods=["POST"]),
                Route("/{version}/{phone_number_id}/media", self._upload, methods=["POST"]),
            ]
        )

    async def _upload(self, request: Request) -> JSONResponse:
        self.uploads.append(await request.body())
        return JSONResponse({"id": f"media{len(self.uploads)}"})

    async def _send(self, request: Request) -> JSONResponse:
        asked = {**await request.json(), "phone_number_id": request.path_params["phone_number_id"]}
        if asked.get("status") == "read":
            self.read.append(asked)
            return JSONResponse({"success": True})
        refused = self.refuse(asked)
        if refused is not None:
            return refused
        to = asked.get("to") or asked["recipient"]
        wamid = f"wamid.out{next(self.ids)}"
        self.sent.append({**asked, "wamid": wamid})
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id" if to.isdigit() else "user_id": to}],
                "messages": [{"id": wamid}],
            }
        )

    def texts(self, to: str | None = None) -> list[str]:
        """The bodies of what was sent, in order; what has no words, such as a contact card, is left out."""
        return [
            each["text"]["body"] if each["type"] == "text" else each["interactive"]["body"]["text"]
            for each in self.sent
            if (to is None or to in (each.get("to"), each.get("recipient"))) and each["type"] in {"text", "interactive"}
        ]


@dataclass
class House:
    """A running server and what surrounds it."""

    parts: Parts
    bot: SmallBot
    whatsapp: SmallWhatsApp
    to_bot: AsgiTransport
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _workers: list[asyncio.Task[None]] = field(default_factory=list)

    @cached_property
    def public(self) -> httpx.AsyncClient:
        """Asks the public port."""
        return _client(public_app(self.parts))

    @cached_property
    def private(self) -> httpx.AsyncClient:
        """Asks the private port; made when first used, for FastAPI takes its time with it."""
        return _client(private_app(self.parts))

    def start(self) -> None:
        """Start the worker."""
        self._workers = [asyncio.create_task(r.run()) for r in self._runners]

    @property
    def _runners(self) -> tuple[Runner, ...]:
        """All but the watch over the account, which would ask a WhatsApp that knows none."""
        return tuple(each for each in self.parts.runners if each is not self.parts.watch)

    async def rest(self, runner: Runner) -> None:
        """Let one of the workers finish what is under way, and take nothing more."""
        runner.stop()
        await self._workers[self._runners.index(runner)]

    async def stop(self) -> None:
        for runner in self._runners:
            runner.stop()
        await asyncio.gather(*self._workers)
        await self.parts.close()

    def message(self, text: str, sender: str = GRACE, **changes: Any) -> dict[str, Any]:
        """A text message as Meta would put it into a webhook."""
        return {
            "from": sender,
            "id": f"wamid.in{next(self._ids)}",
            "timestamp": str(int(datetime.now(UTC).timestamp())),
            "type": "text",
            "text": {"body": text},
            **changes,
        }

    async def post(self, *items: dict[str, Any], number: str = KIMIA, key: str = "messages") -> httpx.Response:
        """Post a signed webhook that holds these messages (or statuses)."""
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "242065000001", "phone_number_id": number},
            "contacts": [
                {"profile": {"name": "Grâce"}, "wa_id": wa_id}
                for wa_id in {item["from"] for item in items if "from" in item}
            ],
            key: list(items),
        }
        return await self.post_raw({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})

    async def post_raw(self, document: dict[str, Any]) -> httpx.Response:
        body = json.dumps({"object": "whatsapp_business_account", **document}).encode()
        signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        return await self.public.post("/webhooks/whatsapp", content=body, headers=headers)

    async def says(self, text: str, sender: str = GRACE, **changes: Any) -> None:
        """Somebody writes."""
        answer = await self.post(self.message(text, sender, **changes))
        assert answer.status_code == 200

    async def taps(self, option: dict[str, Any], sender: str = GRACE) -> None:
        """Somebody taps a row or a button, as it came to them."""
        reply = {"type": "list_reply", "list_reply": {"id": option["id"], "title": option["title"]}}
        await self.says("", sender, type="interactive", interactive=reply)

    async def replay(self) -> tuple[int, int]:
        """Read again what found no place: how many items have one now, and how many are left."""
        done = await replay(self.parts.database, self.parts.inbox, lambda so_far: None)
        self.parts.wakeup.signal("turns")
        return done.placed, done.left

    async def heard(self, count: int, to: str | None = None) -> list[str]:
        """Wait until so many messages were sent (to somebody), and return their words."""

        async def enough() -> bool:
            return len(self.whatsapp.texts(to)) >= count

        await until(enough)
        return self.whatsapp.texts(to)

    async def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        order = list(table.primary_key.columns)
        return list(
            await self.parts.database.read(
                lambda connection: connection.execute(sa.select(table).where(*where).order_by(*order)).all()
            )
        )

    async def quiet(self) -> None:
        """Wait until every turn is answered and no message is on its way."""

        async def none_open() -> bool:
            return not await self.rows(turns, turns.c.status.in_(("waiting", "running")))

        await until(none_open)
        await self.settled()

    async def settled(self) -> None:
        """Wait until no message is on its way."""

        async def none_open() -> bool:
            return not await self.rows(messages, messages.c.status.in_(("queued", "sending")))

        await until(none_open)


def settings_for(url: URL, tmp_path: Path, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "relais_secret": SECRET,
        "database_url": url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False),
        "var_dir": tmp_path,
        "models_dir": tmp_path / "models",
        "bot_python": tmp_path / "no-python",
        "whatsapp_base_url": "http://127.0.0.1:9",
        "bot_url": "http://127.0.0.1:9",
        "whatsapp_token": "a-token-for-tests-only",
        "whatsapp_app_secret": APP_SECRET,
        "whatsapp_verify_token": "a-word-for-tests-only",
        **changes,
    }
    return Settings(_env_file=None, **given)


def open_house(
    settings: Settings,
    beside: Transport | None = None,
    backend: httpx.AsyncClient | None = None,
    senders: Transport | None = None,
    hooks: ASGIApp | None = None,
) -> House:
    """Build a server's real parts around a small bot and a small WhatsApp. Start and stop it yourself.

    `beside` leads to a WhatsApp that has files, `backend` to a business that has deliveries, `senders` to providers of
    email and SMS; the small ones have none. `hooks` is what businesses have at the addresses of their webhooks.
    """
    bot, whatsapp = SmallBot(), SmallWhatsApp()
    to_bot = AsgiTransport(bot.app())
    to_whatsapp = AsgiTransport(whatsapp.app())
    parts = build(
        settings,
        Transports(
            bot=to_bot,
            whatsapp=to_whatsapp,
            beside=beside or AsgiTransport(whatsapp.app()),
            senders=senders or AsgiTransport(Starlette()),
            hooks=AsgiTransport(hooks or Starlette()),
            backend=backend or _client(Starlette()),
        ),
    )
    return House(
        parts=parts,
        bot=bot,
        whatsapp=whatsapp,
        to_bot=to_bot,
    )


@pytest.fixture
async def house(database_address: URL, tmp_path: Path) -> AsyncIterator[House]:
    """A running server on each kind of database."""
    opened = open_house(settings_for(database_address, tmp_path))
    opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def small_house(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[House]:
    """The same on SQLite alone, without its worker: for what says no before the database is asked."""
    opened = open_house(settings_for(sqlite_address, tmp_path))
    yield opened
    await opened.parts.close()


def _client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://relais.test")
