"""Compares a candidate with the current model: on lines whose meaning is known, and on what people really wrote."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.corrections.lesson import Lessons
from conversations.review.tables import review_turns
from server.models.errors import WorkFailed
from server.models.files import CURRENT, ModelFiles, now
from server.models.work import Task

MOST_RECORDED: Final = 2000
"""The last messages that people typed: a few seconds of understanding, and more than a person looks through."""
TEST_SETS: Final = "tests/nlu/*.jsonl"

MOST_CHARACTERS: Final = 1000
"""As the turn channel cuts them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message that somebody typed, and the turn it was."""

    turn_id: str
    text: str


async def compare(
    files: ModelFiles,
    task: Task,
    project: Path,
    *,
    recorded: Sequence[Recorded],
    confirmed: Lessons,
    told: Callable[[str], None] | None = None,
) -> Mapping[str, Any]:
    """What was found of the task's model, kept beside that candidate. Raises ModelError.

    `confirmed` are lines whose meaning reviewers said; the candidate may have been trained on them.
    """
    name = task.work.model
    candidate, current = files.find(files.candidate(name).name), files.find(CURRENT)
    asked, out = task.stage / "asked.json", task.stage / "found.json"
    sets = {"tests": await asyncio.to_thread(_tests, project), "reviewed": _reviewed(confirmed)}
    messages = [{"id": each.turn_id, "text": each.text[:MOST_CHARACTERS]} for each in recorded]
    asked.write_text(json.dumps({"sets": sets, "recorded": messages}), encoding="utf-8")
    await task.run(
        "relais_bot.nlu.side_by_side",
        *("--current", str(current), "--candidate", str(candidate), "--asked", str(asked), "--out", str(out)),
        told=told,
    )
    found = json.loads(out.read_text(encoding="utf-8"))
    kept = {**found, "current": current.name, "candidate": name, "compared_at": now().isoformat()}
    files.keep_comparison(name, kept)
    return kept


def recorded(connection: Connection, most: int = MOST_RECORDED) -> Sequence[Recorded]:
    """What people typed last, of all businesses, the newest first."""
    t = review_turns.c
    rows = connection.execute(
        sa.select(t.turn_id, t.text).where(t.confidence.is_not(None), t.text != "").order_by(t.stamp.desc()).limit(most)
    )
    return [Recorded(row.turn_id, row.text) for row in rows]


def texts(connection: Connection, turn_ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """By turn: the business and the words, of those that are still there."""
    t = review_turns.c
    rows = connection.execute(sa.select(t.turn_id, t.business_id, t.text).where(t.turn_id.in_(turn_ids)))
    return {row.turn_id: (row.business_id, row.text) for row in rows}


def _reviewed(lessons: Lessons) -> list[Mapping[str, Any]]:
    newest = sorted(lessons.standing, key=lambda each: each.id, reverse=True)[:MOST_RECORDED]
    return [{"id": each.id, "text": each.text, "lang": each.language, "intent": each.intent} for each in newest]


def _tests(project: Path) -> list[Mapping[str, Any]]:
    """The project's test lines; none where it has no such folder. Raises WorkFailed for one that cannot be read."""
    found: list[Mapping[str, Any]] = []
    for file in sorted(project.glob(TEST_SETS)):
        # Not splitlines(): what people write may hold one of the rarer line separators.
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            try:
                found += [json.loads(line)] if line.strip() else []
            except ValueError:
                raise WorkFailed(f"{file.name}:{number} is not JSON.") from None
    return found
