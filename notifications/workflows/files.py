"""Workflow files: workflows/<key>.yml for every business, workflows/<business>/<key>.yml for one alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from notifications.workflows.errors import BadWorkflow
from notifications.workflows.reading import MAX_BYTES, read_workflow
from notifications.workflows.workflow import Workflow

_KEPT: Final = 1024
"""Texts whose workflow is remembered: those of some dozens of businesses."""

_workflow = lru_cache(maxsize=_KEPT)(read_workflow)
"""A workflow never changes once it is read, and reading takes ten milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFolder:
    """The workflows by key, and what is wrong with each file that is none."""

    workflows: Mapping[str, Workflow]
    problems: tuple[BadWorkflow, ...]


def read_file(file: Path) -> Workflow:
    """The workflow of one file, whose name is its key. Raises BadWorkflow."""
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_BYTES + 1).decode()
    except OSError as error:
        raise BadWorkflow(file.name, "", f"cannot be read: {error.strerror}", "Check its name and rights") from None
    except UnicodeDecodeError:
        raise BadWorkflow(file.name, "", "is not UTF-8", "Save it in that encoding") from None
    workflow = _workflow(text, file.name)
    if file.stem != workflow.key:
        raise BadWorkflow(file.name, "key", f"is {workflow.key}", f"Rename the file to {workflow.key}.yml")
    return workflow


def read_folder(folder: Path, business: str | None = None) -> WorkflowFolder:
    """Every workflow of a business: those for all, and its own instead where it has one of the same key.

    A file that is no workflow does not hide the others.
    """
    files = {file.stem: file for file in sorted(folder.glob("*.yml"))}
    if business is not None:
        files |= {file.stem: file for file in sorted((folder / business).glob("*.yml"))}
    workflows: dict[str, Workflow] = {}
    problems: list[BadWorkflow] = []
    for key, file in sorted(files.items()):
        try:
            workflows[key] = read_file(file)
        except BadWorkflow as problem:
            problems.append(problem)
    return WorkflowFolder(workflows=workflows, problems=tuple(problems))
