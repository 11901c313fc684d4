"""`relais nlu evaluate`: handed on to the bot's Python, whose exit code is ours."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.__main__ import relais


def test_without_the_bots_environment_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(relais, ["nlu", "evaluate", "lines.jsonl"])

    assert done.exit_code == 1
    assert "run `make install` first" in done.output


@pytest.mark.parametrize("code", [0, 1])
def test_the_bots_python_gets_file_and_model_and_no_setting_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    python = tmp_path / "bot/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" > told\necho "$PYTHONPATH $RELAIS_SECRET" >> told\nexit {code}\n')
    python.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELAIS_SECRET", "a secret of the services")

    done = CliRunner().invoke(relais, ["nlu", "evaluate", "lines.jsonl", "--model", "one.tar.gz"])

    assert done.exit_code == code
    assert (tmp_path / "told").read_text().splitlines() == [
        "-m relais_bot.nlu.evaluate lines.jsonl --model one.tar.gz",
        "bot ",
    ]
