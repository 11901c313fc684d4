"""The turn channel behind a real socket: in this process, or in one of its own."""

import asyncio
import itertools
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from sanic import Sanic

Sanic.test_mode = True  # may then be started more than once in a process

_app_names = (f"test-{number}" for number in itertools.count())


@dataclass(frozen=True)
class Reply:
    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]


class Client:
    """Speaks to the turn channel as the server does."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self._secret = secret

    async def turn(self, text: str = "hello", secret: "str | None" = None, **over: Any) -> Reply:
        body = {"turn_id": str(uuid.uuid4()), "sender_id": "sender-1", "text": text, **over}
        return await self.post({key: value for key, value in body.items() if value is not None}, secret)

    async def post(self, body: Any, secret: "str | None" = None) -> Reply:
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Authorization": f"Bearer {self._secret if secret is None else secret}"}
        return await self._ask("POST", "turn", headers=headers, **sent)

    async def forget(self, sender_id: str, secret: "str | None" = None) -> Reply:
        headers = {"Authorization": f"Bearer {self._secret if secret is None else secret}"}
        return await self._ask("DELETE", f"conversations/{sender_id}", headers=headers)

    async def ready(self, path: str = "ready") -> Reply:
        return await self._ask("GET", path)

    async def _ask(self, method: str, path: str, **request: Any) -> Reply:
        url = f"{self.url}/webhooks/whatsapp/{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url, **request) as response:
            return Reply(response.status, await response.json(), response.headers)


class InProcessServer:
    """The connector in a sanic of this process; the agent is whatever the test puts there."""

    def __init__(self, connector: Any, agent: Any) -> None:
        from rasa.core.channels.channel import register

        self.app = Sanic(next(_app_names), configure_logging=False)
        register([connector], self.app, route="/webhooks/")
        self.app.ctx.agent = agent
        self._server: Any = None

    async def start(self) -> str:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self._server = await self.app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.start_serving()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()


class BotProcess:
    """A process of the bot, started as people start it."""

    def __init__(self, repository: Path, folder: Path, environment: Mapping[str, str], secret: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.client = Client(f"http://127.0.0.1:{self.port}", secret)
        self.log = folder / "bot.log"
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(repository / "bot"),
            "BOT_PORT": str(self.port),
            "VAR_DIR": str(folder / "var"),
            "RELAIS_SECRET": secret,
            **environment,
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *command: str, ready: bool = True) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )
        if ready:
            await self.wait_ready()

    async def wait_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not await self._answers():
            if time.monotonic() > end:
                raise TimeoutError(f"not ready after {seconds} s:\n{self.printed()}")
            await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        try:
            return (await self.client.ready()).status == 200
        except aiohttp.ClientError:
            return False

    def printed(self) -> str:
        return self.log.read_text()

    def children(self) -> "list[int]":
        return children_of(self.process.pid)

    async def ended(self, seconds: float = 30) -> int:
        return await asyncio.wait_for(self.process.wait(), seconds)

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        await self.ended()


def children_of(pid: int) -> "Sequence[int]":
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
