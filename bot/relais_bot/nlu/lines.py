"""Reads lines to score: JSON objects, one a line, with what somebody wrote and what it means.

    {"text": "g pa recu mon colis", "lang": "fr", "intent": "delivery_delay", "also_ok": ["track_delivery"]}

`also_ok` is optional: other meanings that a person would accept. Further keys are left alone.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relais_bot.refusals import Refused

OUT_OF_SCOPE = "out_of_scope"


class BadLines(Refused):
    """The file cannot be scored; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What somebody wrote, and what it means."""

    text: str
    language: str
    intent: str
    also_ok: "frozenset[str]" = frozenset()

    def accepts(self, intent: str) -> bool:
        return intent == self.intent or intent in self.also_ok

    @property
    def is_out_of_scope(self) -> bool:
        return self.intent == OUT_OF_SCOPE


def read_lines(path: Path, intents: Collection[str] | None) -> "list[Line]":
    """All lines of the file, blank ones left out. Raises `BadLines`.

    `intents` are those the model knows; None where it does not tell.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadLines(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadLines(f"{path} is not a text in UTF-8.") from error
    lines = list(_lines(path, content, intents))
    if not lines:
        raise BadLines(f"{path} holds no line to score.")
    return lines


def _lines(path: Path, content: str, intents: Collection[str] | None) -> "Iterator[Line]":
    # Not splitlines(): what people write may hold one of the rarer line separators.
    for number, written in enumerate(content.split("\n"), 1):
        if not written.strip():
            continue
        try:
            yield _line(json.loads(written), intents)
        except json.JSONDecodeError as error:
            raise BadLines(f"{path}:{number}: not JSON ({error}).") from error
        except ValueError as error:
            raise BadLines(f"{path}:{number}: {error}") from error


def _line(given: Any, intents: Collection[str] | None) -> Line:
    if not isinstance(given, dict):
        raise ValueError('a line is an object like {"text": "slt", "lang": "fr", "intent": "greet"}.')
    line = Line(
        text=_words(given, "text"),
        language=_words(given, "lang"),
        intent=_words(given, "intent"),
        also_ok=frozenset(_also_ok(given)),
    )
    unknown = [] if intents is None else sorted({line.intent, *line.also_ok} - set(intents))
    if unknown:
        raise ValueError(f"the model knows no intent {unknown[0]!r}; it knows {', '.join(sorted(intents or ()))}.")
    return line


def _words(given: "dict[str, Any]", key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key!r} must be a text that is not empty.")
    return value


def _also_ok(given: "dict[str, Any]") -> "list[str]":
    value = given.get("also_ok", [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("'also_ok' must be a list of intents.")
    return value
