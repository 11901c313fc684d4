"""Starting the action server: what is wrong is said in a sentence, and nothing else is said."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.settings import WrongSetting, read_settings

ROOT = Path(__file__).parents[2]
SETTINGS = {"RELAIS_SECRET": "s3cret", "BACKEND_TOKEN": "t0ken"}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("RELAIS_SECRET", None, "RELAIS_SECRET is missing"),
        ("BACKEND_TOKEN", None, "BACKEND_TOKEN is missing"),
        ("BACKEND_TOKEN", "", "BACKEND_TOKEN is wrong"),
        ("ACTIONS_PORT", "many", "ACTIONS_PORT is wrong: input should be a valid integer"),
        ("ACTIONS_PORT", "0", "ACTIONS_PORT is wrong: input should be greater than or equal to 1"),
        ("SERVER_URL", "nowhere", "SERVER_URL is wrong: input should be a valid URL"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is wrong"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str | None, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for each, given in (SETTINGS | {name: value}).items():
        if given is not None:
            monkeypatch.setenv(each, given)

    with pytest.raises(WrongSetting) as caught:
        read_settings()

    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_secrets_stay_out_of_what_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)

    assert not [secret for secret in SETTINGS.values() if secret in repr(read_settings())]


@pytest.mark.slow
def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path, taken: int) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ACTIONS_PORT": str(taken)} | SETTINGS

    started = subprocess.run(
        [sys.executable, "-m", "actions"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert started.returncode == 1
    assert started.stderr == f"Port {taken} is taken: set ACTIONS_PORT to a free one.\n"
