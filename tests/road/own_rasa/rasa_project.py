"""A Rasa project of somebody else's beside Relais: trained and run as its people would, with our package installed."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import httpx

from tests.stack import BOT_PYTHON, ROOT, Stack

SCAFFOLD = ROOT / "bot/.venv/lib/python3.10/site-packages/rasa/cli/initial_project"
LINE = "relais_bot.connector.WhatsAppTurns:\n"
TRAINING_SECONDS = 240.0
"""On a machine that does much else; a free one takes a quarter of it."""
START_SECONDS = 120.0


def installed_package(folder: Path) -> Path:
    """What `pip install ./bot` puts into an environment: the package alone, built from a copy of its sources."""
    source, built, site = folder / "source", folder / "built", folder / "site-packages"
    shutil.copytree(ROOT / "bot/relais_bot", source / "relais_bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "bot/pyproject.toml", source)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(built)!r})"
    subprocess.run([BOT_PYTHON, "-W", "ignore", "-c", build], cwd=source, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


class RasaProject:
    """Its processes are ended with the stack's."""

    def __init__(self, folder: Path, stack: Stack, site: Path) -> None:
        self.folder = folder
        self._stack = stack
        self._environment = stack.environment | {
            "PYTHONPATH": str(site),
            "HOME": str(folder.parent),
            "RELAIS_URL": f"http://127.0.0.1:{stack.port['PRIVATE']}",
            "PICTURE_URL": f"{stack.emulator}/static/sample-photo.jpg",
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        }

    def begin_training(self, *options: str) -> None:
        self._start(f"training of {self.folder.name}", "rasa", "train", *options)

    def end_training(self) -> None:
        name = f"training of {self.folder.name}"
        # It stays among the stack's processes, which end with it, until it has ended by itself.
        code = self._stack.running[name].wait(TRAINING_SECONDS)
        del self._stack.running[name]
        assert code == 0, self._stack.log(name)[-3000:]

    def run_actions(self) -> None:
        self._start("rasa actions", "rasa_sdk", "--actions", "actions", "-p", str(self._stack.port["ACTIONS"]))
        self._until_answered("rasa actions", f"http://127.0.0.1:{self._stack.port['ACTIONS']}/health")

    def run(self, *options: str) -> None:
        """`rasa run` where Relais expects the bot."""
        port = str(self._stack.port["BOT"])
        self._start("rasa", "rasa", "run", "-i", "127.0.0.1", "-p", port, *options)
        self._until_answered("rasa", f"{self._stack.bot}/webhooks/whatsapp/ready")

    def end(self) -> None:
        for name in {"rasa", "rasa actions"} & self._stack.running.keys():
            self._stack.kill(name)

    def last_sender(self) -> str:
        """The sender id of whoever wrote last, as the assistant's own tracker store knows it."""
        with contextlib.closing(sqlite3.connect(self.folder / "rasa.db", timeout=10)) as connection:
            (sender,) = connection.execute("SELECT sender_id FROM events ORDER BY id DESC LIMIT 1").fetchone()
        return str(sender)

    def _start(self, name: str, *command: str) -> None:
        with (self._stack.folder / f"{name}.log").open("ab") as log:
            self._stack.running[name] = subprocess.Popen(
                [BOT_PYTHON, "-W", "ignore", "-m", *command],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _until_answered(self, name: str, url: str) -> None:
        def answers() -> bool:
            ended = self._stack.running[name].poll()
            assert ended is None, f"{name} ended:\n{self._stack.log(name)[-3000:]}"
            try:
                return self._stack.http.get(url).status_code == 200
            except httpx.TransportError:
                return False

        self._stack.until(answers, START_SECONDS, f"{name} is ready")


def files(folder: Path) -> dict[str, bytes]:
    """What people wrote in a project, without what training and running leaves beside it."""
    found = {}
    for directory, names, filenames in os.walk(folder):
        names[:] = [name for name in names if name not in {".rasa", "models", "__pycache__"}]
        for name in filenames:
            path = Path(directory, name)
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found
