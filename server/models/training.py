"""Trains a candidate: a copy of the project, with changed files in it, and whatever comes of it kept apart."""

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from server.models.errors import BadChange
from server.models.files import Candidate, ModelFiles, now
from server.models.work import Task

PARTS: Final = ("config.yml", "domain", "domain.yml", "data")
"""What a model is made of; a domain is a folder or a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a candidate has and the project has not."""

    files: Mapping[str, str]
    """Path within the project → whole text; "" where the file goes."""
    added: int = 0
    removed: int = 0
    remarks: Sequence[str] = ()
    """What could not be taken over, and why."""


async def train(
    files: ModelFiles,
    task: Task,
    project: Path,
    changes: Changes,
    *,
    spared: Sequence[str] = (),
    told: Callable[[str], None] | None = None,
) -> Candidate:
    """A new candidate of this project with these changes. Raises ModelError.

    `spared` are models that stay though they are old; `told` hears every line that the trainer prints.
    """
    _require_of_project(changes.files)
    started = time.monotonic()
    await asyncio.to_thread(_stage, project, changes.files, task.stage / "project")
    remarks = await _run(task, told)
    model = (task.stage / "models/current.tar.gz").resolve()
    inputs = (task.stage / "models/current.inputs").read_text()
    made = Candidate(
        name=model.name,
        trained_at=now(),
        member_id=task.work.member_id,
        seconds=round(time.monotonic() - started, 1),
        inputs=inputs,
        base=files.current(),
        files=sorted(changes.files),
        added=changes.added,
        removed=changes.removed,
        remarks="\n".join((*changes.remarks, remarks)).strip(),
    )
    files.keep_candidate(model, made)
    task.tell(task.work.steps, task.work.steps, task.work.says, made.name)
    files.thin_out([made.name, *(name for name in (files.current(), *spared) if name)])
    return made


async def _run(task: Task, told: Callable[[str], None] | None) -> str:
    """What Rasa remarked."""
    root = task.stage / "project"
    domain = root / "domain"
    options = {
        "--config": root / "config.yml",
        "--domain": domain if domain.exists() else root / "domain.yml",
        "--data": root / "data",
        "--out": task.stage / "models",
    }
    said = await task.run("relais_bot.train", *(str(each) for pair in options.items() for each in pair), told=told)
    return "\n".join(line for line in said.splitlines() if not line.startswith("Trained "))


def _stage(project: Path, changes: Mapping[str, str], stage: Path) -> None:
    """Copy the project, put the changes in."""
    stage.mkdir(parents=True)
    for name in PARTS:
        if (project / name).is_dir():
            shutil.copytree(project / name, stage / name)
        elif (project / name).exists():
            shutil.copy(project / name, stage / name)
    for path, text in changes.items():
        file = stage / path
        if not text:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _require_of_project(changes: Mapping[str, str]) -> None:
    """Raises BadChange for a path that leads elsewhere."""
    for path in changes:
        given = PurePosixPath(path)
        if given.is_absolute() or ".." in given.parts or not given.parts or given.parts[0] not in PARTS:
            raise BadChange(f"{path} is no part of the assistant's project: {', '.join(PARTS)}.")
