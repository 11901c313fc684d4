"""`python -m relais_bot.nlu.evaluate`: a file of lines against a trained model, and what is wrong with a file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from relais_bot.nlu.evaluate import score
from relais_bot.nlu.graph import NluGraph
from relais_bot.nlu.lines import BadLines, Line, read_lines

INTENTS = {"greet", "cancel", "out_of_scope"}
GOOD = '{"text": "bonjour", "lang": "fr", "intent": "greet"}'


def evaluate(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "relais_bot.nlu.evaluate", *map(str, arguments)],
        env={"PYTHONPATH": str(REPOSITORY / "bot"), "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_lists_the_misses_and_ends_with_the_figures(model: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(f'{GOOD}\n\n{{"text": "hello", "lang": "en", "intent": "cancel", "also_ok": ["refund"]}}\n')

    done = evaluate(file, "--model", model)

    assert (done.returncode, done.stderr) == (0, "")
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("en 'hello': cancel → ")
    told = json.loads(last)
    assert (told["lines"], told["accuracy"]) == (2, {"fr": 1.0, "en": 0.0})
    assert told["ms_cpu"] > 0
    assert told["threshold"] == 0.4


@pytest.mark.parametrize(
    ("model_name", "sentence"), [("missing.tar.gz", "run `make train`"), ("lines.jsonl", "is not a model of Rasa")]
)
def test_without_a_model_one_sentence_says_so(tmp_path: Path, model_name: str, sentence: str) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(GOOD)

    done = evaluate(file, "--model", tmp_path / model_name)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_in_another_script_is_declined(model: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "你好", "lang": "zh", "intent": "out_of_scope"}', encoding="utf-8")

    (only,) = score(NluGraph.load(model), file)

    assert only.understood.likeliest == "nlu_fallback"
    assert not only.is_miss


def test_lines_keep_what_they_accept_and_leave_other_keys_alone(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "stop\u2028là", "lang": "fr", "intent": "cancel", "also_ok": ["greet"], "by": "x"}\n')

    (line,) = read_lines(file, INTENTS)

    assert line == Line(text="stop\u2028là", language="fr", intent="cancel", also_ok=frozenset({"greet"}))
    assert line.accepts("greet")
    assert not line.accepts("out_of_scope")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{GOOD}\n\n{{", r"lines\.jsonl:3: not JSON"),
        ("[]", r":1: a line is an object"),
        ('{"lang": "fr", "intent": "greet"}', "'text' must be a text"),
        ('{"text": "  ", "lang": "fr", "intent": "greet"}', "'text' must be a text"),
        ('{"text": "slt", "intent": "greet"}', "'lang' must be a text"),
        ('{"text": "slt", "lang": "fr", "intent": 3}', "'intent' must be a text"),
        ('{"text": "slt", "lang": "fr", "intent": "gret"}', "knows no intent 'gret'; it knows cancel, greet"),
        ('{"text": "slt", "lang": "fr", "intent": "greet", "also_ok": ["helo"]}', "knows no intent 'helo'"),
        ('{"text": "slt", "lang": "fr", "intent": "greet", "also_ok": "cancel"}', "'also_ok' must be a list"),
        ("\n \n", "holds no line"),
    ],
)
def test_a_bad_line_is_named_with_its_file_and_number(tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(content)

    with pytest.raises(BadLines, match=sentence):
        read_lines(file, INTENTS)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"text": "\xe9t\xe9"}')

    with pytest.raises(BadLines, match=r"missing\.jsonl: No such file"):
        read_lines(tmp_path / "missing.jsonl", INTENTS)
    with pytest.raises(BadLines, match=r"latin\.jsonl is not a text in UTF-8"):
        read_lines(tmp_path / "latin.jsonl", INTENTS)
