"""Sentences that the house keeps in English, such as why a message waits, in the language of who reads them.

`words/sentences.en.yml` has each as it is kept, with a {name} in the place of what changes; `sentences.fr.yml` says the
same. One that is not there is shown as it is kept.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from server.desk import words as spoken
from server.desk.visit import Reader
from server.desk.words import Words

KEPT_IN: Final = "en"

_GAP: Final = re.compile(r"\\\{(\w+)\\\}")
_PATTERNS: Final = {
    "n": r"\d+",
    "m": r"\d+",
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?",
    "time": r"\d\d:\d\d(?::\d\d)?",
    "weekday": r"[A-Z][a-z]{2}",
}
"""What stands in a gap of this name; in any other, whatever fits."""

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def in_language_of(reader: Reader, words: Words, sentence: str) -> str:
    """The sentence as this reader reads it."""
    return sentence if reader.language == KEPT_IN else _say(reader, words, sentence) or sentence


def is_known(sentence: str) -> bool:
    """Whether there are words for it."""
    return _find(sentence) is not None


def _say(reader: Reader, words: Words, sentence: str) -> str | None:
    found = _find(sentence)
    if found is None:
        return None
    key, values = found
    told = {name: _value(reader, words, name, value) for name, value in values.items()}
    said: str = words["sentences"][key]
    return said.format(**told)


def _find(sentence: str) -> tuple[str, Mapping[str, str]] | None:
    for key, pattern in _sentences():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return key, found.groupdict()
    return None


@cache
def _sentences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those that say most by themselves first: a gap takes whatever stands in it."""
    kept: Mapping[str, str] = Words(KEPT_IN)["sentences"]
    longest = sorted(kept.items(), key=lambda each: -len(re.sub(r"\{\w+\}", "", each[1])))
    return tuple((key, re.compile(_GAP.sub(_group, re.escape(sentence)))) for key, sentence in longest)


def _group(gap: re.Match[str]) -> str:
    return f"(?P<{gap[1]}>{_PATTERNS.get(gap[1], '.+?')})"


def _value(reader: Reader, words: Words, name: str, value: str) -> str:
    console: Mapping[str, Any] = words["console"]
    if name in _CHANNELS:
        return re.sub(r"[a-z]+", lambda one: console["channels"].get(one[0], _OR.get(one[0], one[0])), value)
    if name in _TABLES:
        return str(console[_TABLES[name]].get(value, value)).lower()
    if name in _SENTENCES:
        return _say(reader, words, value) or value
    if name == "moment":
        return spoken.moment(datetime.fromisoformat(f"{value}+00:00"), reader.language, "UTC", reader.now)
    if name == "weekday":
        return spoken.day(date(2026, 1, 5 + _WEEKDAYS.index(value)), reader.language, "weekday")
    return value


_CHANNELS: Final = ("channel", "channels", "other")
_SENTENCES: Final = ("why", "rest", "cost")
_TABLES: Final = {"status": "statuses", "wanted": "statuses", "category": "categories", "origin": "origins"}
"""Of the words of the console."""

_OR: Final = {"or": "ou"}
