"""Rasa's own doors beside ours: whoever names them in credentials.yml gets them."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from action_server_fake import FakeActionServer
from aiohttp import web
from conftest import REPOSITORY, SECRET
from http_bot import BotProcess

KEY = "a-key-of-those-who-keep-the-accounts"


@pytest.fixture
async def accounts() -> AsyncIterator[str]:
    """What the `rasa` channel asks for the key of its tokens."""

    async def version(_: web.Request) -> web.Response:
        return web.json_response({"keys": [{"key": KEY, "alg": "HS256"}]})

    app = web.Application()
    app.router.add_get("/api/version", version)
    runner = web.AppRunner(app)
    await runner.setup()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    await web.SockSite(runner, listening).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    await runner.cleanup()


@pytest.fixture
def folder(tmp_path: Path, model: Path) -> Path:
    (tmp_path / "models").symlink_to(model.parent)
    (tmp_path / "endpoints.yml").write_text((REPOSITORY / "endpoints.yml").read_text())
    return tmp_path


async def test_rest_and_rasa_answer_beside_the_turns(
    folder: Path, accounts: str, action_server: FakeActionServer
) -> None:
    ours = (REPOSITORY / "credentials.yml").read_text()
    (folder / "credentials.yml").write_text(f"{ours}\nrest:\nrasa:\n  url: {accounts}\n")
    process = BotProcess(REPOSITORY, folder, {"ACTIONS_URL": action_server.url}, SECRET)
    await process.start("-m", "relais_bot.launcher")
    token = jwt.encode({"username": "clarisse"}, KEY, algorithm="HS256")
    try:
        rest = await said(process, "rest", {"sender": "awa", "message": "hello"})
        rasa = await said(process, "rasa", {"message": "hello"}, Authorization=f"Bearer {token}")
        stranger = await said(process, "rasa", {"message": "hello"}, Authorization="Bearer no.such.token")
        turn = await process.client.turn("hello")
    finally:
        await process.stop()

    assert turn.status == 200, turn.body
    assert (rest[0], [each["recipient_id"] for each in rest[1]]) == (200, ["awa"]), rest
    assert (rasa[0], [each["recipient_id"] for each in rasa[1]]) == (200, ["clarisse"]), rasa
    assert rest[1][0]["text"]
    assert stranger[0] >= 400


async def test_a_channel_that_is_none_is_named(folder: Path, action_server: FakeActionServer) -> None:
    (folder / "credentials.yml").write_text("no.such.Channel:\n")
    process = BotProcess(REPOSITORY, folder, {"ACTIONS_URL": action_server.url}, SECRET)
    await process.start("-m", "relais_bot.launcher", ready=False)

    assert await process.ended() == 1
    assert "names the channel no.such.Channel" in process.printed()


async def said(process: BotProcess, channel: str, body: "dict[str, Any]", **headers: str) -> "tuple[int, Any]":
    url = f"{process.client.url}/webhooks/{channel}/webhook"
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
        return answer.status, await answer.json() if "json" in answer.content_type else await answer.text()
