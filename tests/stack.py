"""The whole of Relais as its real processes, on free ports and in a folder of its own, driven from outside.

Used by the tests of the whole road and by the benchmarks. Ends only what it started.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.free_ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
KIMIA, JASMIN = "100000000000001", "100000000000002"
READY_SECONDS = 150.0
ANSWER_SECONDS = 30.0
POLL_SECONDS = 0.05
CHAT_POLL_SECONDS = 0.02
PYTHON = str(ROOT / ".venv/bin/python")
BOT_PYTHON = str(ROOT / "bot/.venv/bin/python")
COMMANDS = {
    "emulator": [PYTHON, "-m", "channels.whatsapp.emulator"],
    "backend": [PYTHON, "-m", "demo.backend"],
    "server": [str(ROOT / "relais"), "serve"],
    "web": [str(ROOT / "relais"), "web"],
    "worker": [str(ROOT / "relais"), "worker"],
    "second worker": [str(ROOT / "relais"), "worker"],
    "actions": [PYTHON, "-m", "actions"],
    "bot": [BOT_PYTHON, "-m", "relais_bot.launcher"],
}
ON_ONE_MACHINE = ("emulator", "backend", "server", "actions", "bot")
APART = ("emulator", "backend", "web", "worker", "second worker", "actions", "bot")
FORGET_ONE = """DELETE FROM events WHERE replace(sender_id, '-', '') IN (
    SELECT conversations.id FROM server.conversations JOIN server.addresses USING (subscriber_id) WHERE value = :phone
)"""
PORTS = ("PUBLIC", "PRIVATE", "BOT", "ACTIONS", "BACKEND", "EMULATOR")


class Stack:
    """Starts, kills and restarts the processes, and is the phones."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.environment = self._environment() | settings
        # Idle connections are given up before uvicorn closes them, which it does after 5 s.
        limits = httpx.Limits(keepalive_expiry=2.0)
        self.http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False, headers={"X-Emulator": "1"}, limits=limits)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    # -- processes ---------------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        """Start these processes (all of them without a name) and wait until they are ready."""
        wanted = names or ON_ONE_MACHINE
        if "bot" in wanted:
            assert (ROOT / "models/current.tar.gz").exists(), "no trained model: run `make train`"
        if {"server", "web"} & set(wanted):
            subprocess.run(
                [str(ROOT / "relais"), "migrate"], cwd=ROOT, env=self.environment, check=True, capture_output=True
            )
        for name in wanted:
            log = (self.folder / f"{name}.log").open("ab")
            self.running[name] = subprocess.Popen(
                COMMANDS[name],
                cwd=ROOT,
                env=self.environment | ({"PYTHONPATH": "bot"} if name == "bot" else {}),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            log.close()
        for name in wanted:
            self.wait_ready(name)

    def kill(self, name: str) -> None:
        """kill -9 a process with all its children, at once."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything that was started."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for name in list(self.running):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running[name].wait(15)
            with contextlib.suppress(ProcessLookupError):
                self.kill(name)
        self.http.close()

    def wait_ready(self, name: str) -> None:
        """Wait until a process answers; fail with the end of its log when it does not."""
        url = {
            "emulator": f"{self.emulator}/",
            "backend": f"{self.backend}/",
            "server": f"{self.public}/health/live",
            "web": f"{self.public}/health/live",
            "actions": f"http://127.0.0.1:{self.port['ACTIONS']}/health",
            "bot": f"{self.bot}/webhooks/whatsapp/ready",
        }.get(name)

        def ready() -> bool:
            process = self.running[name]
            assert process.poll() is None, f"{name} ended:\n{self.log(name)[-3000:]}"
            if url is None:
                return "server.started" in self.log(name)
            try:
                return self.http.get(url).status_code == 200
            except httpx.TransportError:
                return False

        self.until(ready, READY_SECONDS, f"{name} is ready")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    # -- addresses ---------------------------------------------------------------------------------------------

    @property
    def emulator(self) -> str:
        return f"http://127.0.0.1:{self.port['EMULATOR']}"

    @property
    def backend(self) -> str:
        return f"http://127.0.0.1:{self.port['BACKEND']}"

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.port['PUBLIC']}"

    @property
    def bot(self) -> str:
        return f"http://127.0.0.1:{self.port['BOT']}"

    # -- phones ------------------------------------------------------------------------------------------------

    def send(self, phone: str, command: dict[str, Any], number: str = KIMIA) -> int:
        """Do as a person would on their phone; returns the id of their message in the chat."""
        answer = self.http.post(f"{self.emulator}/api/phones/{phone}/send", json={"phone_number_id": number, **command})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])

    def say(self, phone: str, text: str, number: str = KIMIA) -> int:
        return self.send(phone, {"type": "text", "text": text}, number)

    def chat(self, phone: str, after: int = 0, number: str = KIMIA) -> list[dict[str, Any]]:
        """What the business sent to this phone, oldest first."""
        answer = self.http.get(
            f"{self.emulator}/api/phones/{phone}/messages", params={"phone_number_id": number, "after": after}
        )
        assert answer.status_code == 200, answer.text
        return [each for each in answer.json()["messages"] if each["from"] == "business"]

    def heard(
        self, phone: str, after: int, count: int = 1, number: str = KIMIA, seconds: float = ANSWER_SECONDS
    ) -> list[dict[str, Any]]:
        """Wait until so many messages of the business came after that one."""
        what = f"{count} messages for {phone}"
        return self.hear(phone, after, lambda heard: len(heard) >= count, seconds, what, number)

    def hear(
        self,
        phone: str,
        after: int,
        is_enough: Callable[[list[dict[str, Any]]], object],
        seconds: float,
        what: str | Callable[[], str],
        number: str = KIMIA,
    ) -> list[dict[str, Any]]:
        """Wait until what the business said after that message is enough; fail, saying `what`, when time is over."""
        # The emulator is asked when its file holds something new: asking it all the time took half of the machine.
        ends = time.monotonic() + seconds
        newest, heard = after, self.chat(phone, after, number)
        while not is_enough(heard):
            while (last := self.last_heard(phone, number)) <= newest:
                assert time.monotonic() < ends, f"not within {seconds} s: {what if isinstance(what, str) else what()}"
                time.sleep(CHAT_POLL_SECONDS)
            newest, heard = last, self.chat(phone, after, number)
        return heard

    def last_heard(self, phone: str, number: str = KIMIA) -> int:
        """The id of the last message that the business sent to this phone, 0 before the first."""
        return scalar(
            self.folder / "emulator.db",
            "SELECT coalesce(max(messages.id), 0) FROM messages JOIN chats ON chats.id = chat_id"
            f" WHERE sender = 'business' AND phone_number_id = '{number}' AND wa_id = '{phone}'",
        )

    def ask(self, phone: str, text: str, count: int = 1, number: str = KIMIA) -> list[dict[str, Any]]:
        """Say something and wait for the answer."""
        return self.heard(phone, self.say(phone, text, number), count, number)

    def slow_backend(self, seconds: float, status: int | None = None) -> None:
        self.backend_faults({"delay_seconds": seconds, "status": status})

    def backend_faults(self, faults: dict[str, Any], phone: str | None = None) -> None:
        """How the backend goes wrong from now on, for everybody or for one phone; {} is well again."""
        of = {} if phone is None else {"Relais-Customer": f"+{phone}"}
        answer = self.http.post(f"{self.backend}/demo/faults", json=faults, headers=of)
        assert answer.status_code < 400, answer.text

    def starting_price(self, business: str, amount: str) -> None:
        """What the demo charges before the first kilometre, from now on."""
        with contextlib.closing(sqlite3.connect(self.folder / "backend.db", timeout=10)) as connection, connection:
            connection.execute(
                "UPDATE businesses SET terms = json_set(terms, '$.tariff.start', ?) WHERE slug = ?", (amount, business)
            )

    def repeat_next_message(self, times: int, phone: str) -> None:
        """Deliver what a person does next so many times."""
        rule = {"count": 1, "only": ["text", "interactive", "location", "order"], "times": times, "phone": phone}
        answer = self.http.post(f"{self.emulator}/api/webhooks/rules", json=rule)
        assert answer.status_code == 200, answer.text

    def forget_conversations(self, phone: str | None = None) -> None:
        """Let the bot forget every conversation, or those of one phone, as if they had never spoken to it."""
        with contextlib.closing(sqlite3.connect(self.folder / "bot.db", timeout=10)) as connection:
            if phone is not None:
                connection.execute("ATTACH ? AS server", (str(self.folder / "relais.db"),))
            with connection:
                connection.execute("DELETE FROM events" if phone is None else FORGET_ONE, {"phone": f"+{phone}"})

    def until(self, ask: Callable[[], object], seconds: float, what: str | Callable[[], str]) -> None:
        """Ask again and again until the answer is true; fail, saying `what`, when the time is over."""
        ends = time.monotonic() + seconds
        while not ask():
            assert time.monotonic() < ends, f"not within {seconds} s: {what if isinstance(what, str) else what()}"
            time.sleep(POLL_SECONDS)

    def _environment(self) -> dict[str, str]:
        secrets = {
            name: f"local-only-{name.lower()}"
            for name in (
                "RELAIS_SECRET",
                "WHATSAPP_TOKEN",
                "WHATSAPP_APP_SECRET",
                "WHATSAPP_VERIFY_TOKEN",
                "BACKEND_TOKEN",
            )
        }
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", str(self.folder)),
            "LANG": "C.UTF-8",
            "VAR_DIR": str(self.folder),
            **secrets,
            **{f"{name}_PORT": str(port) for name, port in self.port.items()},
            # Named, not left empty: an empty one would let the .env of whoever runs the tests decide.
            "DATABASE_URL": f"sqlite:///{self.folder}/relais.db",
            "BOT_DATABASE_URL": f"sqlite:///{self.folder}/bot.db",
            # Nobody hears of what they did not ask for, but in the test of that.
            "DEMO_TELLS_RELAIS": "false",
            "DEMO_COURIER_SECONDS": "0",
            # The people of these tests say more in a minute than WhatsApp would let us answer.
            "WHATSAPP_RATES": "off",
            "WHATSAPP_BASE_URL": f"http://127.0.0.1:{self.port['EMULATOR']}",
            "EMULATOR_WEBHOOK_URL": f"http://127.0.0.1:{self.port['PUBLIC']}/webhooks/whatsapp",
            "SERVER_URL": f"http://127.0.0.1:{self.port['PRIVATE']}",
            "BOT_URL": f"http://127.0.0.1:{self.port['BOT']}",
            "ACTIONS_URL": f"http://127.0.0.1:{self.port['ACTIONS']}/webhook",
            "BACKEND_URL": f"http://127.0.0.1:{self.port['BACKEND']}",
        }


@contextlib.contextmanager
def running_stack(folder: Path, *names: str, **settings: str) -> Iterator[Stack]:
    """A started stack that is ended afterwards, also when the test failed."""
    stack = Stack(folder, **settings)
    try:
        stack.start(*names)
        yield stack
    finally:
        stack.stop()


def scalar(file: Path, question: str) -> int:
    """Ask a database from outside; nobody is locked out by it."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute(question).fetchone()[0])
    finally:
        connection.close()
