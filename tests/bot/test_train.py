"""Training: only when something changed, only when the project is right, and current in one step."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROJECT, REPOSITORY

from relais_bot import light
from relais_bot.train import MODELS_KEPT, Project, TrainingRefused, train

Change = Callable[[Path], None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(PROJECT, tmp_path / "project")
    root = tmp_path / "project"
    return Project(
        config=root / "config.yml", domain=root / "domain.yml", data=root / "data", models=tmp_path / "models"
    )


def replace(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        path = root / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    return change


def test_it_trains_once_and_again_when_something_changed(project: Project) -> None:
    first = train(project).resolve()
    second = train(project).resolve()
    replace("data/nlu.yml", "- bonjour", "- bonjour\n      - coucou")(project.data.parent)
    third = train(project).resolve()

    assert first == second
    assert third != first
    assert (project.models / "current.tar.gz").resolve() == third


def test_the_fingerprint_knows_files_and_our_own_components(project: Project) -> None:
    before = project.inputs()
    (project.data / "more").mkdir()
    (project.data / "more" / "rules.yml").write_text('version: "3.1"\n')

    assert re.fullmatch("[0-9a-f]{64}", before)
    assert project.inputs() != before


def test_old_models_are_removed_in_the_end(project: Project) -> None:
    project.models.mkdir()
    for number in range(MODELS_KEPT + 3):
        (project.models / f"2025010{number}-000000-aaaaaaaa.tar.gz").write_text("old")
    current = train(project)

    kept = sorted(path.name for path in project.models.glob("*.tar.gz") if not path.is_symlink())
    assert len(kept) == MODELS_KEPT
    assert current.resolve().name in kept


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (replace("data/nlu.yml", "metadata: {language: fr}", "metadata: {mood: good}"), "do not say their language"),
        (replace("data/nlu.yml", "- hello", "- bonjour\n      - annuler"), "annuler"),
        (replace("data/rules.yml", "utter_greet", "utter_missing"), "utter_missing"),
        (replace("data/rules.yml", "intent: greet", "intent: missing_intent"), "missing_intent"),
        (replace("data/rules.yml", "action_track", "action_missing"), "action_missing"),
        (replace("domain.yml", "required_slots: [reason]", "required_slots: [missing_slot]"), "missing_slot"),
        (replace("domain.yml", "entities: [", "entities: [["), "cannot be read"),
        (replace("data/nlu.yml", "    examples: |", "   examples: |"), "cannot be read"),
        (replace("config.yml", "CharNgramIntentClassifier", "Invented"), "Invented"),
        (lambda root: shutil.rmtree(root / "data"), "There is no"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_refused_with_a_sentence_and_the_current_model_stays(
    project: Project, change: Change, sentence: str
) -> None:
    current = train(project).resolve()
    change(project.data.parent)

    with pytest.raises(TrainingRefused, match=sentence):
        train(project)
    assert (project.models / "current.tar.gz").resolve() == current


def test_the_command_prints_its_steps_and_nothing_else(project: Project) -> None:
    command = [sys.executable, "-m", "relais_bot.train"]
    files = ["--config", project.config, "--domain", project.domain, "--data", project.data, "--out", project.models]
    environment = {"PYTHONPATH": str(REPOSITORY / "bot"), "PATH": "/usr/bin:/bin", "HOME": "/nowhere"}
    first = subprocess.run([*command, *files], env=environment, capture_output=True, text=True, check=False)
    second = subprocess.run([*command, *files], env=environment, capture_output=True, text=True, check=False)
    project.domain.write_text("not: [a domain")
    third = subprocess.run([*command, *files], env=environment, capture_output=True, text=True, check=False)

    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    assert [line[:3] for line in first.stdout.splitlines()] == ["1/3", "2/3", "   ", "   ", "3/3", "Tra"]
    assert second.stdout.startswith("The model is up to date (")
    assert (third.returncode, "Traceback" in third.stderr) == (1, False)


@pytest.mark.parametrize(
    ("configuration", "needed"),
    [
        ((PROJECT / "config.yml").read_text(), False),
        ("pipeline: [{name: WhitespaceTokenizer}, {name: DIETClassifier}]", True),
        ("policies: [{name: RulePolicy}, {name: TEDPolicy}]", True),
        ('{"uses": "rasa.nlu.selectors.response_selector.ResponseSelector"}', True),
    ],
)
def test_tensorflow_comes_only_with_a_network(configuration: str, needed: bool) -> None:
    assert light.needs_tensorflow(configuration) is needed


def test_the_parts_left_out_exist_in_rasa() -> None:
    """A stand-in under a name that Rasa does not have would stand in for nothing."""
    site = Path(sys.modules["rasa"].__file__).parent.parent
    for module, names in {**light.NETWORKS, **light._FOR_NETWORKS, **light.UNUSED}.items():
        if not module.startswith("rasa."):
            continue
        source = (site / module.replace(".", "/")).with_suffix(".py").read_text()
        for name in names:
            assert f"class {name}(" in source, (module, name)


def test_what_was_left_out_says_so() -> None:
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier

    with pytest.raises(RuntimeError, match="DIETClassifier was left out"):
        DIETClassifier()
    assert "tensorflow" not in sys.modules


#: As `relais review export` writes it, and as it leaves it when the last line was withdrawn and a remark was not.
REVIEWED = """\
version: "3.1"

# Written by people to the assistant.
nlu:
- intent: track_delivery
  metadata:
    language: fr
  examples:
  - {text: "wapi \\"colis\\" nangai \\u2028: # là", metadata: {correction: 0198a000-0000-7000-8000-000000000001}}
"""
EMPTIED = 'version: "3.1"\n\nnlu:\n# a remark\n'


def test_it_learns_from_lines_that_were_reviewed_and_knows_their_language(project: Project) -> None:
    from rasa.shared.importers.importer import TrainingDataImporter

    from relais_bot.components.languages import _language_of

    (project.data / "reviewed").mkdir()
    (project.data / "reviewed" / "track_delivery.yml").write_text(REVIEWED, encoding="utf-8")
    (project.data / "reviewed" / "greet.yml").write_text(EMPTIED, encoding="utf-8")
    assert train(project).exists()

    importer = TrainingDataImporter.load_from_config(str(project.config), str(project.domain), [str(project.data)])
    (line,) = [each for each in importer.get_nlu_data().intent_examples if "wapi" in each.get("text")]
    assert line.get("text") == 'wapi "colis" nangai \u2028: # là'
    assert (line.get("intent"), _language_of(line)) == ("track_delivery", "fr")
