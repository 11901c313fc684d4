"""The workflows of each business; a file that changed counts within a second."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from notifications.workflows import Workflow
from notifications.workflows.files import read_folder

LOOKS_AGAIN_AFTER: Final = 1.0
"""Seconds in which the folder is not looked at again: somebody who edits a file waits longer for their editor."""

log = structlog.get_logger()

_Traces = tuple[tuple[str, int, int], ...]
"""Name, time of change in ns and size of each file: what differs when anything does."""


@dataclass(frozen=True, slots=True)
class _Read:
    workflows: Mapping[str, Workflow]
    traces: _Traces
    looked_at: float


class WorkflowFiles:
    """Those for every business, and a business's own instead where it has one of the same key."""

    def __init__(self, folder: Path, steady: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._steady = steady
        self._read: dict[str, _Read] = {}

    def __call__(self, business: str) -> Mapping[str, Workflow]:
        """The workflows of a business, by its slug, each by its key. A file that is none is said once, and left out."""
        now = self._steady()
        known = self._read.get(business)
        if known is not None and now - known.looked_at < LOOKS_AGAIN_AFTER:
            return known.workflows
        traces = _traces(self._folder, business)
        if known is not None and known.traces == traces:
            workflows = known.workflows
        else:
            workflows = self._read_again(business, {} if known is None else known.workflows)
        self._read[business] = _Read(workflows, traces, now)
        return workflows

    def _read_again(self, business: str, before: Mapping[str, Workflow]) -> Mapping[str, Workflow]:
        """A file that somebody has just broken counts as it was before."""
        folder = read_folder(self._folder, business)
        workflows = dict(folder.workflows)
        for problem in folder.problems:
            log.error("workflow.unreadable", business=business, problem=str(problem))
            key = Path(problem.source).stem
            if key in before:
                workflows[key] = before[key]
        return workflows


def _traces(folder: Path, business: str) -> _Traces:
    files = (*sorted(folder.glob("*.yml")), *sorted((folder / business).glob("*.yml")))
    return tuple(trace for file in files for trace in _trace(file))


def _trace(file: Path) -> _Traces:
    try:
        stat = file.stat()
    except OSError:  # deleted this very moment
        return ()
    return ((str(file), stat.st_mtime_ns, stat.st_size),)
