"""Starting the action server: what is wrong is said in a sentence, and nothing else is said."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = {"RELAIS_SECRET": "s3cret", "BACKEND_TOKEN": "t0ken", "ACTIONS_PORT": "5055"}


def start(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start it where there is no .env; only for starts that fail."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | SETTINGS | settings
    environment = {name: value for name, value in environment.items() if value}
    return subprocess.run(
        [sys.executable, "-m", "actions"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"RELAIS_SECRET": ""}, "RELAIS_SECRET is missing"),
        ({"BACKEND_TOKEN": ""}, "BACKEND_TOKEN is missing"),
        ({"ACTIONS_PORT": "many"}, "ACTIONS_PORT is wrong: input should be a valid integer"),
        ({"SERVER_URL": "nowhere"}, "SERVER_URL is wrong: input should be a valid URL"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is wrong"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    started = start(tmp_path, **settings)

    assert started.returncode == 1
    assert started.stderr.startswith(sentence)
    assert started.stderr.count("\n") == 1


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path, taken: int) -> None:
    started = start(tmp_path, ACTIONS_PORT=str(taken))

    assert started.returncode == 1
    assert started.stderr == f"Port {taken} is taken: set ACTIONS_PORT to a free one.\n"
