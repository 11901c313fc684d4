"""The bridge of docs/handoff-chatwoot.md works as it stands there, beside a small Chatwoot."""

import asyncio
import hashlib
import hmac
import importlib.util
import itertools
import json
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import uvicorn
from sqlalchemy.engine import URL
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from conversations import handoffs
from notifications.access import Scope as KeyScope
from server.parts import utc_now
from server.private import private_app
from server.settings import ROOT
from storage.tables import conversations
from storage.types import new_id
from tests.house import House, open_house, settings_for
from tests.server.api.shop import shop_of
from tests.waiting import until

TOKEN, SIGNING = "a-token-of-thirty-two-characters-or-more", "chatwoot-signs-with-this"
SUMMARY = {"wishes": ["Suivre un colis"], "doing": "Envoyer un colis", "answers": [], "about": ["COUR-1"]}
INBOX = 7


@dataclass
class SmallChatwoot:
    """As much of its API as the bridge uses; what agents do is told to the bridge."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[int, str] = field(default_factory=dict)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_away: bool = False
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def app(self) -> ASGIApp:
        routes = [
            Route("/contacts", self._contact, methods=["POST"]),
            Route("/contacts/search", self._search),
            Route("/conversations", self._open, methods=["POST"]),
            Route("/conversations/{id:int}/messages", self._write, methods=["POST"]),
            Route("/conversations/{id:int}/toggle_status", self._toggle, methods=["POST"]),
        ]
        return Starlette(routes=[Mount("/api/v1/accounts/3", routes=routes)])

    def said(self, kind: str, *, private: bool = False) -> list[str]:
        return [each["content"] for each in self.messages if (each["message_type"], each["private"]) == (kind, private)]

    async def _contact(self, request: Request) -> JSONResponse:
        assert request.headers["api_access_token"] == "a-chatwoot-token"
        asked = await request.json()
        if self.is_away:
            return JSONResponse({}, status_code=502)
        if asked["identifier"] in self.contacts:
            return JSONResponse({"message": "Identifier has already been taken"}, status_code=422)
        place = {"source_id": asked["source_id"], "inbox": {"id": asked["inbox_id"]}}
        made = {"id": next(self.ids), "identifier": asked["identifier"], "name": asked["name"]}
        self.contacts[asked["identifier"]] = {**made, "contact_inboxes": [place]}
        return JSONResponse({"payload": {"contact": made, "contact_inbox": place}})

    async def _search(self, request: Request) -> JSONResponse:
        found = [each for name, each in self.contacts.items() if request.query_params["q"] in name]
        return JSONResponse({"payload": found})

    async def _open(self, request: Request) -> JSONResponse:
        asked = await request.json()
        assert asked["inbox_id"] == INBOX
        conversation = next(self.ids)
        self.statuses[conversation] = asked["status"]
        return JSONResponse({"id": conversation})

    async def _write(self, request: Request) -> JSONResponse:
        self.messages.append({**await request.json(), "conversation": request.path_params["id"]})
        return JSONResponse({"id": next(self.ids)})

    async def _toggle(self, request: Request) -> JSONResponse:
        self.statuses[request.path_params["id"]] = (await request.json())["status"]
        return JSONResponse({})


@dataclass
class Later:
    """An app that is there once the bridge is."""

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Both:
    """Relais and Chatwoot with the bridge between them."""

    house: House
    chatwoot: SmallChatwoot
    bridge: Any

    async def tells(self, told: dict[str, Any], token: str = TOKEN, **headers: str) -> int:
        """A webhook of Chatwoot's; the bridge's answer."""
        body = json.dumps(told).encode()
        at = str(int(time.time()))
        digest = hmac.new(SIGNING.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        signed = {"X-Chatwoot-Timestamp": at, "X-Chatwoot-Signature": f"sha256={digest}", **headers}
        transport = httpx.ASGITransport(app=self.bridge.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bridge.test") as client:
            return (await client.post(f"/chatwoot/{token}", content=body, headers=signed)).status_code

    async def answers(self, conversation: int, text: str, message_id: int, **more: Any) -> int:
        told = {"event": "message_created", "id": message_id, "content": text, "message_type": "outgoing"}
        return await self.tells({**told, "private": False, "conversation": {"id": conversation}, **more})


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def is_started() -> bool:
        return server.started

    await until(is_started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


def taken_out(folder: Path) -> Path:
    page = (ROOT / "docs/handoff-chatwoot.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(# bridge\.py\n.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found
    file = folder / "bridge.py"
    file.write_text(found[1], encoding="utf-8")
    return file


@pytest.fixture
async def both(database_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Both]:
    chatwoot, later = SmallChatwoot(), Later()
    house = open_house(settings_for(database_address, tmp_path, webhooks_to_private_addresses=True), hooks=later)
    monkeypatch.syspath_prepend(str(ROOT / "clients/python"))
    async with served(private_app(house.parts)) as relais, served(chatwoot.app()) as theirs:
        boss = await shop_of(house)
        shop = await shop_of(house, KeyScope.HANDOFFS_WRITE, name="Chatwoot")
        events = ["handoff.asked", "handoff.taken", "handoff.message", "handoff.returned"]
        made = await boss.post("/v1/webhook-endpoints", {"url": "http://127.0.0.1:9/relais", "events": events})
        for name, value in {
            "RELAIS_URL": relais,
            "RELAIS_KEY": shop.secret,
            "RELAIS_WEBHOOK_SECRET": made.json()["secret"],
            "CHATWOOT_URL": theirs,
            "CHATWOOT_TOKEN": "a-chatwoot-token",
            "CHATWOOT_ACCOUNT": "3",
            "CHATWOOT_INBOX": str(INBOX),
            "CHATWOOT_SECRET": SIGNING,
            "BRIDGE_TOKEN": TOKEN,
            "BRIDGE_FILE": str(tmp_path / "bridge.sqlite3"),
        }.items():
            monkeypatch.setenv(name, value)
        spec = importlib.util.spec_from_file_location("bridge", taken_out(tmp_path))
        assert spec is not None
        assert spec.loader is not None
        bridge = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(bridge)
        later.app = bridge.app
        house.start()
        yield Both(house, chatwoot, bridge)
        await house.stop()
        await bridge.relais.aclose()
        await bridge.chatwoot.aclose()
        bridge.kept.close()


async def asked(both: Both) -> int:
    """Grâce wrote, and asked for a human; the number of the conversation in Chatwoot."""
    house = both.house
    await house.says("bonjour")
    await house.heard(1)
    (talk,) = await house.rows(conversations)
    wanted = {"turn_id": new_id(), "reason": "asked", "language": "fr", "summary": SUMMARY}
    headers = {"Authorization": f"Bearer {house.parts.settings.relais_secret.get_secret_value()}"}
    answer = await house.private.post(f"/internal/people/{talk.id}/handoffs", json=wanted, headers=headers)
    assert answer.status_code == 200
    await told(both, "bonjour")
    (conversation,) = both.chatwoot.statuses
    return conversation


async def told(both: Both, text: str) -> None:
    """Until Chatwoot shows this as the person's."""

    async def is_shown() -> bool:
        return text in both.chatwoot.said("incoming")

    await until(is_shown)


async def noted(both: Both, text: str) -> None:
    """Until the agents in Chatwoot read this note."""

    async def is_noted() -> bool:
        return any(text in each for each in both.chatwoot.said("outgoing", private=True))

    await until(is_noted)


async def test_a_talk_goes_to_chatwoot_is_answered_there_and_comes_back(both: Both) -> None:
    house, chatwoot = both.house, both.chatwoot
    conversation = await asked(both)
    notes = chatwoot.said("outgoing", private=True)
    assert "Suivre un colis" in notes[0]
    assert "COUR-1" in notes[0]
    await noted(both, "bot: you said bonjour")
    # It waits: the assistant still answers, and Chatwoot reads along.
    await house.says("il y a quelqu'un ?")
    await told(both, "il y a quelqu'un ?")

    assert await both.answers(conversation, "Bonjour, Paul à l'appareil.", 501) == 204
    assert (await house.heard(3))[2] == "Bonjour, Paul à l'appareil."
    # The same webhook again, and a note among agents: nothing of that leaves.
    assert await both.answers(conversation, "Bonjour, Paul à l'appareil.", 501) == 204
    assert await both.answers(conversation, "Elle a l'air pressée", 502, private=True) == 204
    await house.says("enfin !")
    await told(both, "enfin !")
    assert len(house.whatsapp.texts()) == 3
    assert not any("Paul" in each for each in chatwoot.said("outgoing", private=True))

    status = {"event": "conversation_status_changed", "id": conversation, "status": "resolved"}
    assert await both.tells(status) == 204
    await house.says("merci")
    assert (await house.heard(4))[3] == "you said merci"

    async def is_resolved() -> bool:
        return chatwoot.statuses[conversation] == "resolved"

    await until(is_resolved)
    assert await both.answers(conversation, "Encore une chose", 503) == 204
    await noted(both, "assistant has this talk again")


async def test_who_may_not_answer_does_not(both: Both) -> None:
    conversation = await asked(both)
    told = {"event": "message_created", "id": 1, "content": "x", "message_type": "outgoing"}
    told |= {"private": False, "conversation": {"id": conversation}}
    assert await both.tells(told, token="guessed") == 401
    assert await both.tells(told, **{"X-Chatwoot-Signature": "sha256=00"}) == 401
    assert await both.tells(told, **{"X-Chatwoot-Timestamp": "1000000000"}) == 401
    assert await both.tells({**told, "conversation": {"id": 999}}) == 204
    assert both.house.whatsapp.texts() == ["you said bonjour"]


async def test_after_24_hours_the_agent_is_told_why_it_did_not_go(both: Both) -> None:
    conversation = await asked(both)
    await both.house.parts.database.write(
        lambda c: c.execute(sa.update(conversations).values(last_inbound_at=sa.null()))
    )
    assert await both.answers(conversation, "toujours là ?", 601) == 204
    assert any("not written for 24 hours" in each for each in both.chatwoot.said("outgoing", private=True))


async def test_a_talk_that_a_colleague_has_at_the_desk_is_theirs(both: Both) -> None:
    conversation = await asked(both)
    (talk,) = await both.house.rows(conversations)
    await both.house.parts.database.write(handoffs.take, talk.id, new_id(), utc_now())
    assert await both.answers(conversation, "moi aussi", 701) == 204
    assert any("Somebody else has this talk" in each for each in both.chatwoot.said("outgoing", private=True))
    assert both.house.whatsapp.texts() == ["you said bonjour"]
