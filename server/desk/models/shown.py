"""A comparison as its page shows it: figures side by side, lines, and what people wrote, as far as one may read it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping
from conversations.review.masking import masked
from server.models import comparing

HIDDEN = ""
"""In the place of words that the reader may not see, or that are no longer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share of lines, 0 to 1, of both models."""

    word: str
    """Of models.figures."""
    language: str | None
    before: float
    after: float
    more_is_better: bool

    @property
    def tone(self) -> str:
        """good, bad or quiet"""
        gain = (self.after - self.before) * (1 if self.more_is_better else -1)
        return "quiet" if abs(gain) < 0.0005 else "good" if gain > 0 else "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line whose meaning is known, and what each model made of it."""

    text: str
    meant: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSet:
    """Lines of one kind: tests or reviewed."""

    name: str
    lines: int
    figures: Sequence[Figure]
    fixed: int
    broken: int
    fixed_lines: Sequence[Line]
    broken_lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message that would be understood otherwise; `text` is masked, and empty for who may not read it."""

    text: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Messages whose meaning changes in the same way."""

    before: str
    after: str
    count: int
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """All of it."""

    current: str
    compared_at: datetime
    sets: Sequence[TestSet]
    count: int
    changed: int
    groups: Sequence[Group]


def compared(found: Mapping[str, Any], texts: Mapping[str, str]) -> Compared:
    """What was found, with words by the ids of turns and corrections."""
    recorded = found["recorded"]
    return Compared(
        current=found["current"],
        compared_at=datetime.fromisoformat(found["compared_at"]),
        sets=[_set(name, each, texts) for name, each in found["sets"].items() if each["current"]],
        count=recorded["count"],
        changed=recorded["changed"],
        groups=[_group(each, texts) for each in recorded["groups"]],
    )


def seen_texts(connection: Connection, found: Mapping[str, Any], reach: Collection[str] | None) -> dict[str, str]:
    """The words behind the ids of a comparison that are still there, at the businesses whose talks one may read."""
    turns = [example["id"] for group in found["recorded"]["groups"] for example in group["examples"]]
    said = comparing.texts(connection, turns)
    texts = {turn: masked(text) for turn, (business, text) in said.items() if reach is None or business in reach}
    return texts | {lesson.id: lesson.text for lesson in keeping.lessons(connection, reach).standing}


def _set(name: str, each: Mapping[str, Any], texts: Mapping[str, str]) -> TestSet:
    return TestSet(
        name=name,
        lines=each["current"]["lines"],
        figures=list(_figures(each["current"], each["candidate"])),
        fixed=each["fixed"],
        broken=each["broken"],
        fixed_lines=[_line(line, texts) for line in each["fixed_lines"]],
        broken_lines=[_line(line, texts) for line in each["broken_lines"]],
    )


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Figure]:
    for word in ("accuracy", "answered_right"):
        for language, share in before[word].items():
            other = after[word].get(language)
            if share is not None and other is not None:
                yield Figure(word=word, language=language, before=share, after=other, more_is_better=True)
    accepted = before["oos_false_accept"], after["oos_false_accept"]
    if None not in accepted:
        yield Figure(word="false_accepts", language=None, before=accepted[0], after=accepted[1], more_is_better=False)


def _line(line: Mapping[str, Any], texts: Mapping[str, str]) -> Line:
    text = line["text"] if "text" in line else texts.get(line["id"], HIDDEN)
    return Line(text=text, meant=line["meant"], before=line["before"], after=line["after"])


def _group(group: Mapping[str, Any], texts: Mapping[str, str]) -> Group:
    examples = [
        Example(text=texts.get(each["id"], HIDDEN), before=each["before"], after=each["after"])
        for each in group["examples"]
    ]
    readable = [each for each in examples if each.text]
    return Group(before=group["before"], after=group["after"], count=group["count"], examples=readable)
