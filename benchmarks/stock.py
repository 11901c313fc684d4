"""The peer: `rasa run` of Rasa 3.6.21 as its documentation starts it, with our trained model and our action server.

Nothing of ours but what the model and the project need: its NLU components (PYTHONPATH=bot), the address of the
action server with its bearer header. Trackers and locks are Rasa's defaults, in memory. Rasa knows neither the
language nor the business of a sender, which our turn channel tells it with every turn: those slots are set once
per sender, before anything is timed, through Rasa's own HTTP API.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import psutil
import yaml

from benchmarks.ours import OurRoad
from benchmarks.sides import Answered, Person, RunInvalid
from benchmarks.texts import BUSINESS
from benchmarks.wire import Caller, NoAnswer
from tests.stack import READY_SECONDS, ROOT

RASA = ROOT / "bot/.venv/bin/rasa"
ANSWER_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05

SHARED = ("actions", "backend")
"""Processes of ours that work for stock too."""

SLOTS = {
    "language": "fr",
    "default_language": "fr",
    "business_name": BUSINESS,
    "support_number": "+242065000001",
    "currency": "XAF",
}


class StockRasa:
    """Text in and answers out by HTTP: no inbox, no outbox, no WhatsApp, nothing on disk."""

    def __init__(self, folder: Path, *, ours: OurRoad, model: Path) -> None:
        self._folder = folder
        self._port = ours.spare_port
        self._model = model
        self._ours = ours
        self._caller = Caller(self._port, ANSWER_SECONDS)
        self._senders: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; how many seconds it took to answer its first request."""
        self._folder.mkdir()
        (self._folder / "endpoints.yml").write_text(yaml.safe_dump(self._action_endpoint()))
        (self._folder / "credentials.yml").write_text("rest:\n")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "bot"),
            "RASA_TELEMETRY_ENABLED": "false",
        }
        command = [str(RASA), "run", "--model", str(self._model), "--enable-api"]
        command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        command += ["--interface", "127.0.0.1", "--port", str(self._port)]
        began = time.perf_counter()
        with (self._folder / "rasa.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_ready(self._process, began + READY_SECONDS)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def processes(self) -> Mapping[str, psutil.Process]:
        assert self._process is not None
        return {
            "rasa": psutil.Process(self._process.pid),
            **{name: process for name, process in self._ours.processes().items() if name in SHARED},
        }

    async def introduce(self, people: Sequence[Person]) -> None:
        events = json.dumps([{"event": "slot", "name": name, "value": value} for name, value in SLOTS.items()])
        # The action server asks our server who a sender is, so the senders are those our road made.
        self._senders = self._ours.sender_ids()
        paths = [f"/conversations/{self._senders[person.wa_id]}/tracker/events" for person in people]
        for answer in await asyncio.gather(*(self._caller.post(path, events.encode()) for path in paths)):
            if answer.status != 200:
                raise RunInvalid(f"stock: the slots were refused with {answer.status}: {answer.body[:300]!r}")

    async def ask(self, person: Person, text: str) -> Answered:
        """From the moment the message is posted to the moment the HTTP answer is there."""
        body = json.dumps({"sender": self._senders[person.wa_id], "message": text}).encode()
        asked_at = time.perf_counter()
        try:
            answer = await self._caller.post("/webhooks/rest/webhook", body)
        except NoAnswer:
            raise RunInvalid(f"stock: no answer to {text!r} within {ANSWER_SECONDS:g} s") from None
        answered_at = time.perf_counter()
        said = json.loads(answer.body) if answer.status == 200 else None
        if not isinstance(said, list) or len(said) != 1:
            raise RunInvalid(f"stock: {text!r} was answered {answer.status}: {answer.body[:500]!r}")
        return Answered(asked_at=asked_at, answered_at=answered_at, text=said[0]["text"])

    async def confirm(self) -> None:
        """Nothing to look for: what is not in the HTTP answer was checked there and then."""

    def _action_endpoint(self) -> dict[str, object]:
        bearer = f"Bearer {self._ours.setting('RELAIS_SECRET')}"
        url = self._ours.setting("ACTIONS_URL")
        return {"action_endpoint": {"url": url, "headers": {"Authorization": bearer}}}

    def _wait_ready(self, process: subprocess.Popen[bytes], ends: float) -> None:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self._port}/status", trust_env=False).status_code == 200:
                    return
            if process.poll() is not None or time.perf_counter() > ends:
                log = (self._folder / "rasa.log").read_text(errors="replace")[-3000:]
                raise RunInvalid(f"stock: rasa run is not ready:\n{log}")
            time.sleep(POLL_SECONDS)
