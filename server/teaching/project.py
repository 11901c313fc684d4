"""The project's files as an export reads them: read again when one changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from conversations.review.corrections import export, reviewed
from conversations.review.corrections.export import EXAMPLES, PATTERNS
from conversations.review.corrections.reviewed import Unsuitable


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What a line of this project can mean."""

    intents: Mapping[str, Mapping[str, str]]
    """Each with a line that is said so, by language."""
    languages: Sequence[str]
    entities: Sequence[str]


class ProjectFiles:
    """What an export reads of a project."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: tuple[object, ...] = ()
        self._files: Mapping[str, str] = {}
        self._meanings = Meanings(intents={}, languages=(), entities=())

    def files(self) -> Mapping[str, str]:
        """Text by path, as the files are now."""
        self._look()
        return self._files

    def meanings(self) -> Meanings:
        """What a line can mean, as the files are now."""
        self._look()
        return self._meanings

    def _look(self) -> None:
        found = [path for pattern in PATTERNS for path in self.root.glob(pattern)]
        told = [(path, path.stat()) for path in sorted(found)]
        seen = tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in told)
        if seen != self._seen:
            files = export.read_files(self.root)
            self._files, self._meanings, self._seen = files, _meanings(files), seen


def _meanings(files: Mapping[str, str]) -> Meanings:
    first: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        if not path.startswith(EXAMPLES):
            continue
        try:
            blocks = reviewed.read(text)
        except Unsuitable:
            continue
        for block in blocks:
            line = next((said for said, _ in reviewed.examples(block) if said), "")
            if line and block.get("intent"):
                said_so = first.setdefault(str(block["intent"]), {})
                said_so.setdefault(reviewed.language_of(block) or "", reviewed.without_entities(line))
    return Meanings(
        intents={name: first.get(name, {}) for name in export.intents(files)},
        languages=export.languages(files),
        entities=_entities(files),
    )


def _entities(files: Mapping[str, str]) -> list[str]:
    found: set[str] = set()
    for path, text in files.items():
        if path.startswith("domain"):
            try:
                content = yaml.load(text, Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                continue
            listed = content.get("entities") if isinstance(content, dict) else None
            for each in listed if isinstance(listed, list) else []:
                found |= {str(name) for name in each} if isinstance(each, dict) else {str(each)}
    return sorted(found)
