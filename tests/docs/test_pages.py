"""What the pages name is there: commands, options, targets, modules, settings, pages and headings."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from channels.whatsapp.templates.files import read
from server.__main__ import relais
from server.settings import ROOT
from tests.docs.pages import PAGES, code_of, name_of, prose_of, text_of

OURS = {"actions", "backend", "benchmarks", "channels", "demo", "docs", "relais_bot", "server"}
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SETTINGS = set(re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

COMMAND = re.compile(r"\./relais((?: [^\s`|;&#…]+)+)")
MAKE = re.compile(r"(?:^\s*|\$ |relais |&& )make(?: -C \S+)?((?: [a-z][a-z-]*)+)")
MODULE = re.compile(r"python -m ([\w.]+)")
SETTING = re.compile(r"^([A-Z][A-Z0-9_]+)=\S")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@every_page
def test_every_command_of_relais_exists_with_its_options(page: Path) -> None:
    for line in code_of(page):
        for words in COMMAND.findall(line):
            assert (wrong := _wrong_in(words.split())) is None, f"./relais{words}: {wrong}"


@every_page
def test_every_target_of_make_exists(page: Path) -> None:
    named = {word for line in code_of(page) for words in MAKE.findall(line) for word in words.split()}
    assert named <= TARGETS


@every_page
def test_every_module_that_is_run_exists(page: Path) -> None:
    named = {module for line in code_of(page) for module in MODULE.findall(line)}
    assert [module for module in named if not _is_there(module)] == []


@every_page
def test_every_setting_that_is_set_exists(page: Path) -> None:
    assert {name for line in code_of(page) for name in SETTING.findall(line.strip())} <= SETTINGS


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, heading in LINK.findall(prose_of(page)):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{path} is not there"
        if heading:
            assert heading in set(_anchors(target)), f"{target.name} has no heading #{heading}"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("frobnicate", "frobnicate is no command"),
        ("templates publish", "publish is no command"),
        ("whatsapp connect --chek", "--chek is no option"),
        ("whatsapp connect --check --business kimia", None),
    ],
)
def test_a_command_that_is_not_there_is_found(words: str, problem: str | None) -> None:
    assert _wrong_in(words.split()) == problem


def test_the_template_that_a_page_shows_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```yaml\n(name: .*?)^```", text_of(ROOT / "docs/whatsapp.md"), re.MULTILINE | re.DOTALL)
    file = tmp_path / "mission_reminder.fr.yml"
    file.write_text(shown, encoding="utf-8")
    assert read(file).category == "utility"


def _wrong_in(words: list[str]) -> str | None:
    """What does not exist of a command line; arguments are not looked at."""
    command: click.Command = relais
    for word in words:
        if word.startswith("--"):
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            if word.split("=")[0].rstrip(".,)") not in known:
                return f"{word} is no option"
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word.rstrip(".,"))
            if found is None:
                return f"{word} is no command"
            command = found
    return None


def _is_there(module: str) -> bool:
    if module.split(".")[0] not in OURS:
        return importlib.util.find_spec(module.split(".")[0]) is not None
    path = module.replace(".", "/")
    places = [folder / path for folder in (ROOT, ROOT / "bot")]
    return any(place.with_suffix(".py").exists() or (place / "__main__.py").exists() for place in places)


def _anchors(page: Path) -> Iterator[str]:
    """The headings as links name them: small letters, no punctuation, a dash for each space."""
    for heading in HEADING.findall(text_of(page)):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
