"""The comparison: which peers, what is refused, and what is printed of what was measured."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT, REPOSITORY

from relais_bot.nlu import peers, tables
from relais_bot.nlu.compare import SIDES, compare, each_measured
from relais_bot.nlu.graph import Understood
from relais_bot.nlu.lines import Line
from relais_bot.nlu.scores import Scored
from relais_bot.nlu.tables import Measured
from relais_bot.refusals import Refused


def answer(meant: str, taken: str, lang: str, sure: float = 0.9) -> Scored:
    understood = Understood(intent=taken, ranking=((taken, sure),), cpu_ms=0.5)
    return Scored(line=Line(text="…", language=lang, intent=meant), understood=understood)


@pytest.fixture
def measured() -> "list[Measured]":
    good = [answer("help", "help", "fr"), answer("help", "help", "en"), answer("out_of_scope", "out_of_scope", "en")]
    bad = [answer("help", "greet", "fr"), answer("help", "help", "en"), answer("out_of_scope", "help", "en")]
    return [
        Measured(peers.ours(REPOSITORY / "config.yml"), good, threshold=0.4, training_seconds=20),
        Measured(peers.rasa_init(), bad, threshold=0.3, training_seconds=900),
    ]


def test_every_figure_has_a_row_and_every_side_a_column(measured: "list[Measured]") -> None:
    head, *rows = tables.overview(measured)
    cells = {row[:82].strip(): row[82:].split() for row in rows}

    assert head.split() == ["Relais", "rasa", "init"]
    assert cells["accuracy (%)"] == ["100.0", "50.0"]
    assert cells["accuracy fr (%)"] == ["100.0", "0.0"]
    assert cells["out of scope accepted, at the working thresholds (%)"] == ["0.0", "100.0"]
    assert cells["CPU per message (ms)"] == ["0.50", "0.50"]
    assert cells["training (s)"] == ["20", "900"]


def test_recall_and_confusions_are_told_per_side(measured: "list[Measured]") -> None:
    told = list(tables.details(measured))

    assert any(line.split() == ["help", "fr", "1/1", "0/1"] for line in told)
    assert "  help → greet, 1" in told
    assert "  0.90 → 0.33, 3" in told


def test_a_script_reads_one_figure_per_line(measured: "list[Measured]") -> None:
    figures = [json.loads(line) for line in tables.json_lines(measured) if line]
    by_name = {each["figure"]: each for each in figures}

    assert by_name["accuracy"] == {"figure": "accuracy", "unit": "%", "ours": 100.0, "diet": 50.0}


def test_the_peers_are_those_of_rasa() -> None:
    names = [step["name"] for step in peers.rasa_init().config["pipeline"]]
    diet = next(step for step in peers.rasa_init().config["pipeline"] if step["name"] == "DIETClassifier")

    assert diet["epochs"] == 100
    assert names[-1] == "FallbackClassifier"
    assert peers.logistic_regression().config["pipeline"][-2]["name"] == "LogisticRegressionClassifier"


def test_fewer_epochs_are_not_passed_off_as_the_real_thing() -> None:
    assert peers.rasa_init(epochs=3).name == "rasa init, only 3 epochs"


def test_a_side_that_fails_costs_nothing_of_the_others(measured: "list[Measured]", capsys: Any) -> None:
    ours, diet = measured

    def measure(side: peers.Side) -> Measured:
        if side.key == "lr":
            raise Refused("stock LR could not be trained")
        return ours if side.key == "ours" else diet

    assert each_measured([ours.side, peers.logistic_regression(), diet.side], measure) == [ours, diet]
    told = capsys.readouterr().err
    assert told.index("Relais") < told.index("stock LR could not be trained") < told.index("rasa init")
    with pytest.raises(Refused, match="stock LR"):
        each_measured([peers.logistic_regression()], measure)


def options(**over: Any) -> argparse.Namespace:
    given = {
        "files": [],
        "config": PROJECT / "config.yml",
        "domain": PROJECT / "domain.yml",
        "epochs": 1,
        "sides": SIDES,
    }
    return argparse.Namespace(**{**given, "examples": PROJECT / "data", **over})


def test_without_lines_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Refused, match=r"tests/nlu/\*\.jsonl matches no file"):
        compare(options())


def test_outside_of_the_repository_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="start from the root"):
        compare(options(files=[tmp_path / "lines.jsonl"], domain=tmp_path / "domain.yml"))
