"""Takes the files out of a page of docs/integrations and runs them, beside a real API on the loopback."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
import uvicorn

from notifications.access import Scope
from notifications.tables import backend_events
from server.private import private_app
from server.settings import ROOT
from tests.house import House
from tests.server.api.shop import shop_of
from tests.waiting import until

PAGES = ROOT / "docs/integrations"
FILE = re.compile(r"^```\w+\n((?:# |// |<\?php // )(\S+\.\w+)\n.*?)^```", re.MULTILINE | re.DOTALL)
RUN_SECONDS = 60.0
"""Starting an interpreter on a busy machine included."""


@dataclass
class Workshop:
    """A folder with the files of a page, and the Relais that they tell."""

    folder: Path
    house: House
    environment: dict[str, str]

    def take(self, page: str) -> list[str]:
        """Write the page's files into the folder; each is named in its first line."""
        text = (PAGES / page).read_text(encoding="utf-8")
        named = []
        for code, name in FILE.findall(text):
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code, encoding="utf-8")
            named.append(name)
        return named

    def write(self, name: str, code: str) -> None:
        """A file of the test's own beside them."""
        (self.folder / name).write_text(code, encoding="utf-8")

    async def run(self, *command: str, ends: int = 0) -> str:
        """What the command says; it must end so."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), RUN_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
        text = said.decode(errors="replace")
        assert process.returncode == ends, text
        return text

    async def python(self, code: str) -> str:
        """The same for some lines of Python that use the files."""
        return await self.run(sys.executable, "-c", code)

    async def told(self) -> list[str]:
        """The types of the events that Relais took and told somebody of, each once."""
        rows = await self.house.rows(backend_events)
        assert all("notification_id" in row.outcome for row in rows), [row.outcome for row in rows]
        return [row.type for row in rows]


def interpreter(name: str) -> str:
    """Where it is. In CI it must be there; elsewhere the test is left out without it."""
    path = which(name)
    if path is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed")
    assert path is not None, f"{name} is not installed: .ci/run installs it"
    return path


@asynccontextmanager
async def workshop(house: House, folder: Path) -> AsyncIterator[Workshop]:
    """A running API at an address of its own, and a key for it."""
    shop = await shop_of(house, Scope.EVENTS)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(private_app(house.parts), access_log=False, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    async def is_started() -> bool:
        return server.started

    await until(is_started)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": f"{ROOT / 'clients/python'}:{folder}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "RELAIS_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
        "RELAIS_KEY": shop.secret,
        "RELAIS_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }
    try:
        yield Workshop(folder, house, environment)
    finally:
        server.should_exit = True
        await serving
        listener.close()
