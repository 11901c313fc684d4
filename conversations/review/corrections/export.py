"""Takes corrections over into the training data: which files change, and how. Pure, but for `read_files`.

Lines go to `data/nlu/reviewed/<intent>.yml`, each with the id of its correction. What stands in the project already,
said by whomever, is not said again; what contradicts it is left to a person; what was withdrawn goes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from conversations.review.corrections import reviewed
from conversations.review.corrections.lesson import Lesson, Lessons, is_intent_name, same_line
from conversations.review.corrections.reviewed import Unsuitable

EXAMPLES: Final = "data/nlu/"
PATTERNS: Final = ("data/nlu/**/*.yml", "data/nlu/**/*.yaml", "domain/*.yml", "domain.yml", "tests/nlu/*.jsonl")
"""Of a project's files, those that an export reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A line that stands in the project."""

    file: str
    intent: str
    language: str | None
    correction: str | None
    """Whose line it is; None where somebody wrote it by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an export would do, and what it leaves."""

    files: Mapping[str, str]
    """The new text of each file that changes, by its path in the project; "" where the file goes."""
    added: Sequence[Lesson] = ()
    removed: Sequence[str] = ()
    """Ids of withdrawn corrections whose lines go."""
    there: Sequence[tuple[Lesson, str]] = ()
    """Stands already, with the same meaning: in this file."""
    contradicted: Sequence[tuple[Lesson, str, str]] = ()
    """Stands already with this other meaning, in this file ("" for another correction)."""
    temporary: Sequence[Lesson] = ()
    """Of an intent that the domain does not have (yet)."""
    held_out: Sequence[Lesson] = ()
    """Lines of the test set, which must not be learned by heart."""
    problems: Sequence[tuple[str, str]] = ()
    """Files that have to be mended by hand: path, and why."""


def changes(lessons: Lessons, files: Mapping[str, str]) -> Mapping[str, str]:
    """Relative path → new text ("": the file goes) of each file that an export changes.

    `files` are the project's, as `read_files` gives them. Doing it again with the result changes nothing.
    """
    return plan(lessons, files).files


def plan(lessons: Lessons, files: Mapping[str, str]) -> Plan:
    """The same, with what becomes of each line."""
    problems: list[tuple[str, str]] = []
    current, removed = _withdraw(lessons, files, problems)
    taught, ids = _taught({**files, **current}, problems)
    sorted_out = _Sorted(intents=_intents(files), taught=taught, held_out=_held_out(files))
    for lesson in sorted(lessons.standing, key=lambda each: each.id, reverse=True):
        if lesson.id not in ids and lesson.id not in lessons.withdrawn:
            sorted_out.take(lesson)
    added: list[Lesson] = []
    for path, some in sorted(sorted_out.new.items()):
        before = current.get(path, files.get(path, ""))
        try:
            current[path] = reviewed.added(before, some[::-1])
            added += some[::-1]
        except Unsuitable as error:
            problems.append((path, str(error)))
    return Plan(
        files={path: text for path, text in sorted(current.items()) if text != files.get(path, "")},
        added=added,
        removed=removed,
        there=sorted_out.there,
        contradicted=sorted_out.contradicted,
        temporary=sorted_out.temporary,
        held_out=sorted_out.held,
        problems=sorted(set(problems)),
    )


def read_files(root: Path) -> dict[str, str]:
    """What an export reads of the project in this folder."""
    found = {path for pattern in PATTERNS for path in root.glob(pattern) if path.is_file()}
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


def languages(files: Mapping[str, str]) -> list[str]:
    """The languages that the examples of a project are in."""
    taught, _ = _taught(files, [])
    return sorted({each.language for each in taught.values() if each.language})


def intents(files: Mapping[str, str]) -> list[str]:
    """The intents a line can be given: those of the domain that words can mean."""
    taught, _ = _taught(files, [])
    shown = {each.intent for each in taught.values()}
    known = _intents(files)
    return sorted(shown if known is None else known & shown)


class _Sorted:
    """Where each line belongs, the newest decision first."""

    def __init__(self, *, intents: set[str] | None, taught: Mapping[str, Taught], held_out: set[str]) -> None:
        self._intents, self._taught, self._held_out = intents, taught, held_out
        self._newer: dict[str, Lesson] = {}
        self.new: dict[str, list[Lesson]] = {}
        self.there: list[tuple[Lesson, str]] = []
        self.contradicted: list[tuple[Lesson, str, str]] = []
        self.temporary: list[Lesson] = []
        self.held: list[Lesson] = []

    def take(self, lesson: Lesson) -> None:
        """Put it where it belongs."""
        key = same_line(lesson.text)
        known, newer = self._taught.get(key), self._newer.setdefault(key, lesson)
        if (self._intents is not None and lesson.intent not in self._intents) or not is_intent_name(lesson.intent):
            self.temporary.append(lesson)
        elif known is not None and known.intent != lesson.intent:
            self.contradicted.append((lesson, known.file, known.intent))
        elif known is not None:
            self.there.append((lesson, known.file))
        elif key in self._held_out:
            self.held.append(lesson)
        elif newer is not lesson and newer.intent != lesson.intent:
            self.contradicted.append((lesson, "", newer.intent))
        elif newer is not lesson:
            self.there.append((lesson, reviewed.file_of(lesson.intent)))
        else:
            self.new.setdefault(reviewed.file_of(lesson.intent), []).append(lesson)


def _withdraw(
    lessons: Lessons, files: Mapping[str, str], problems: list[tuple[str, str]]
) -> tuple[dict[str, str], list[str]]:
    changed: dict[str, str] = {}
    removed: list[str] = []
    for path, text in files.items():
        if not path.startswith(EXAMPLES) or "correction:" not in text:
            continue
        try:
            here = {made_by for block in reviewed.read(text) for _, made_by in reviewed.examples(block) if made_by}
            if gone := here & set(lessons.withdrawn):
                changed[path] = reviewed.without(text, gone)
                removed += sorted(gone)
        except Unsuitable as error:
            problems.append((path, str(error)))
    return changed, removed


def _taught(files: Mapping[str, str], problems: list[tuple[str, str]]) -> tuple[dict[str, Taught], set[str]]:
    """Every line of the project by what it shares with others like it; and the corrections whose lines stand there."""
    found: dict[str, Taught] = {}
    ids: set[str] = set()
    for path, text in sorted(files.items()):
        if not path.startswith(EXAMPLES):
            continue
        try:
            lines = _lines_of(path, text)
        except Unsuitable as error:
            problems.append((path, str(error)))
            continue
        for key, one in lines:
            found.setdefault(key, one)
            ids |= {one.correction} if one.correction else set()
    return found, ids


@lru_cache(maxsize=128)
def _lines_of(path: str, text: str) -> Sequence[tuple[str, Taught]]:
    """The lines of a file. Kept: a project has some ten thousand, and files change one at a time. Raises Unsuitable."""
    return tuple(
        (
            same_line(reviewed.without_entities(line)),
            Taught(file=path, intent=str(block["intent"]), language=reviewed.language_of(block), correction=made_by),
        )
        for block in reviewed.read(text)
        if block.get("intent")
        for line, made_by in reviewed.examples(block)
    )


def _intents(files: Mapping[str, str]) -> set[str] | None:
    """What the domain has; None where there is no domain."""
    found: set[str] = set()
    domain = [text for path, text in files.items() if path.startswith("domain")]
    for text in domain:
        try:
            content = yaml.load(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            continue
        listed = content.get("intents") if isinstance(content, dict) else None
        for each in listed if isinstance(listed, list) else []:
            found |= {str(name) for name in each} if isinstance(each, dict) else {str(each)}
    return found if domain else None


def _held_out(files: Mapping[str, str]) -> set[str]:
    found = set()
    for path, text in files.items():
        if path.endswith(".jsonl"):
            for line in text.split("\n"):
                try:
                    found.add(same_line(str(json.loads(line)["text"])))
                except (ValueError, KeyError, TypeError):
                    continue
    return found
