"""Who takes the webhooks of benchmarks/webhook.py: Relais on either database, and pywa's own server."""

import asyncio
import os
import secrets
import subprocess
import time
from pathlib import Path

import asyncpg
import httpx

from benchmarks.sides import RunInvalid
from tests.free_ports import free_ports
from tests.stack import KIMIA, PYTHON, ROOT, Stack, scalar

READY_SECONDS = 30.0
KEPT = "SELECT count(*) FROM inbound_messages"


class Ours:
    """Relais with web and worker in one process on SQLite, or on a PostgreSQL database of its own. No bot."""

    def __init__(self, folder: Path, postgres: str | None) -> None:
        self.name = "PostgreSQL" if postgres else "SQLite"
        settings = {"DATABASE_URL": postgres} if postgres else {}
        folder.mkdir()
        self._stack = Stack(folder, **settings)
        self._postgres = postgres
        self.port = self._stack.port["PUBLIC"]
        self.secret = self._stack.environment["WHATSAPP_APP_SECRET"]

    def start(self) -> None:
        """Migrate and start the server alone."""
        self._stack.start("server")

    def stop(self) -> None:
        """End it."""
        self._stack.stop()

    def kept(self) -> int:
        """Messages in the inbox."""
        if self._postgres is None:
            return scalar(self._stack.folder / "relais.db", KEPT)
        return int(asyncio.run(_fetch(self._postgres, KEPT)))


class Pywa:
    """The peer's process."""

    name = "pywa"

    def __init__(self) -> None:
        self.port = free_ports(1)[0]
        self.secret = secrets.token_hex(16)

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [PYTHON, "-m", "benchmarks.pywa_peer", str(self.port), self.secret, KIMIA]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        ends = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RunInvalid("pywa's server did not start")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(15)

    def kept(self) -> int:
        """Messages its handler saw."""
        return int(httpx.get(f"http://127.0.0.1:{self.port}/handled", trust_env=False).json())

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/handled", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


async def _fetch(postgres: str, question: str) -> int:
    connection = await asyncpg.connect(postgres, timeout=10)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()
