"""Where the template files of a business are, and what is in them now."""

from dataclasses import dataclass
from pathlib import Path

from channels.whatsapp.templates.files import Folder, read_folder

_Traces = tuple[tuple[str, int, int], ...]
"""Name, time of change in ns and size of each file: what differs when anything does."""


@dataclass(frozen=True, slots=True)
class _Read:
    folder: Folder
    traces: _Traces


class TemplateFiles:
    """The same, remembered until a file changes: reading thirty of them takes longer than a page may."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, _Read] = {}

    def __call__(self, business: str) -> Folder:
        """The template files of a business, by its slug."""
        place = _place(self._folder, business)
        files = sorted(place.iterdir()) if place.is_dir() else []
        traces = tuple((each.name, (stat := each.stat()).st_mtime_ns, stat.st_size) for each in files)
        known = self._read.get(place)
        if known is None or known.traces != traces:
            known = self._read[place] = _Read(read_folder(place), traces)
        return known.folder


def template_folder(folder: Path, business: str) -> Folder:
    """The template files of a business: its own folder where it has one, else those for all."""
    return read_folder(_place(folder, business))


def _place(folder: Path, business: str) -> Path:
    own = folder / business
    return own if own.is_dir() else folder
