"""Reads domain, rules, responses, examples and transcripts, and remembers in which line everything stands.

Unreadable      a file is no YAML, or not of the shape it should have; carries the problem
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong where, and how to mend it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Word(str):
    """A text and its line, counted from 1."""

    __slots__ = ("line",)
    line: int


class Entry(dict[Any, Any]):
    """A mapping and its line."""

    __slots__ = ("line",)
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is written."""

    file: str
    line: int

    def problem(self, text: str) -> Problem:
        return Problem(self.file, self.line, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    intent: str
    language: str
    text: str
    place: Place


@dataclass(slots=True, kw_only=True)
class Project:
    """Everything of a project that the checks look at."""

    root: Path
    running: frozenset[str]
    intents: dict[str, Place] = field(default_factory=dict)
    entities: dict[str, Place] = field(default_factory=dict)
    actions: dict[str, Place] = field(default_factory=dict)
    slots: dict[str, tuple[Place, Entry]] = field(default_factory=dict)
    forms: dict[str, tuple[Place, Entry]] = field(default_factory=dict)
    responses: dict[str, tuple[Place, list[Entry]]] = field(default_factory=dict)
    rules: list[tuple[str, Entry]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    scripts: list[tuple[str, Entry]] = field(default_factory=list)
    businesses: dict[str, str] = field(default_factory=dict)  # names by slug

    def code(self) -> Iterator[tuple[str, int, str]]:
        """The lines of the actions: file, number, text."""
        for path in sorted(self.root.glob("actions/**/*.py")):
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield str(path.relative_to(self.root)), number, text


def read_project(root: Path, running: frozenset[str], only: Collection[str] = ()) -> Project:
    """Raises Unreadable for the first file that cannot be read. `only` names the patterns to read; else all are."""
    project = Project(root=root, running=running)
    for pattern, take in _TAKERS.items():
        if only and pattern not in only:
            continue
        for path in sorted(root.glob(pattern)):
            file = str(path.relative_to(root))
            try:
                take(project, file, yaml.load(path.read_text(encoding="utf-8"), Loader=_Lines))  # noqa: S506 - a safe one
            except yaml.YAMLError as error:
                mark = getattr(error, "problem_mark", None)
                problem = Problem(
                    file, mark.line + 1 if mark else 1, f"this is no YAML: {getattr(error, 'problem', error)}."
                )
                raise Unreadable(problem) from None
            except (KeyError, TypeError, AttributeError) as error:
                shape = f"this file lacks a part, or has it in another shape: {error!r}."
                raise Unreadable(Problem(file, 1, shape)) from None
    return project


def _take_domain(project: Project, file: str, content: Entry) -> None:
    for kind in ("intents", "entities", "actions"):
        for name in content.get(kind, ()):
            getattr(project, kind)[name] = Place(file=file, line=name.line)
    for kind in ("slots", "forms"):
        for name, entry in content.get(kind, {}).items():
            getattr(project, kind)[name] = (Place(file=file, line=name.line), entry)


def _examples(file: str, block: Entry) -> Iterator[Example]:
    if isinstance(block["examples"], list):
        # As `relais review export` writes them: each with where it comes from.
        for each in block["examples"]:
            place = Place(file=file, line=each["text"].line)
            yield Example(
                intent=block["intent"], language=block["metadata"]["language"], text=each["text"].strip(), place=place
            )
        return
    # A block of examples begins in the line after its key.
    for number, line in enumerate(block["examples"].splitlines(), block["examples"].line + 1):
        yield Example(
            intent=block["intent"],
            language=block["metadata"]["language"],
            text=line.removeprefix("- ").strip(),
            place=Place(file=file, line=number),
        )


def _take_responses(project: Project, file: str, content: Entry) -> None:
    for name, variations in content["responses"].items():
        project.responses[name] = (Place(file=file, line=name.line), variations)


def _take_rules(project: Project, file: str, content: Entry) -> None:
    project.rules += [(file, rule) for rule in content["rules"]]


def _take_examples(project: Project, file: str, content: Entry) -> None:
    project.examples += [example for block in content["nlu"] or () for example in _examples(file, block)]


def _take_scripts(project: Project, file: str, content: list[Entry]) -> None:
    project.scripts += [(file, script) for script in content]


def _take_businesses(project: Project, _: str, content: Entry) -> None:
    project.businesses = {each["slug"]: each["name"] for each in content["businesses"]}


_TAKERS: dict[str, Callable[[Project, str, Any], None]] = {
    "domain/*.yml": _take_domain,
    "data/responses/*.yml": _take_responses,
    "data/rules/*.yml": _take_rules,
    "data/nlu/**/*.yml": _take_examples,
    "tests/conversations/*.yml": _take_scripts,
    "business.yml": _take_businesses,
}


class _Lines(yaml.CSafeLoader):
    """Texts and mappings that know their line."""


def _word(loader: _Lines, node: yaml.ScalarNode) -> Word:
    word = Word(loader.construct_scalar(node))
    word.line = node.start_mark.line + 1
    return word


def _entry(loader: _Lines, node: yaml.MappingNode) -> Iterator[Entry]:
    entry = Entry()
    entry.line = node.start_mark.line + 1
    yield entry
    entry.update(loader.construct_mapping(node))


_Lines.add_constructor("tag:yaml.org,2002:str", _word)
_Lines.add_constructor("tag:yaml.org,2002:map", _entry)
