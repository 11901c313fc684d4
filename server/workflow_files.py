"""The workflows of each business, read when it first needs them; a change of a file counts with the next start."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from notifications.workflows import Workflow
from notifications.workflows.files import read_folder

log = structlog.get_logger()


class WorkflowFiles:
    """Those for every business, and a business's own instead where it has one of the same key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[str, Workflow]] = {}

    def __call__(self, business: str) -> Mapping[str, Workflow]:
        """The workflows of a business, by its slug, each by its key. A file that is none is said once, and left out."""
        known = self._read.get(business)
        if known is None:
            folder = read_folder(self._folder, business)
            for problem in folder.problems:
                log.error("workflow.unreadable", business=business, problem=str(problem))
            known = self._read[business] = folder.workflows
        return known
