"""The folder of models: the current one, candidates with what is known of them, and what a model says of itself.

A candidate is two files, `<name>.tar.gz` and `<name>.json`; the second is written last, and a model without it is no
candidate yet. Every file appears under its name in one step.
"""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from server.models.errors import NoSuchModel

CURRENT: Final = "current.tar.gz"
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.tar\.gz")
"""As the bot has it (bot/relais_bot/model_files.py): nothing that leads out of the folder."""
KEPT: Final = 10
"""Candidates; older ones go when a new one was trained, but for those that answer or may answer again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that was trained to be compared, and what it was trained on."""

    name: str
    trained_at: datetime
    member_id: str | None
    """Who had it trained; None: the command line."""
    seconds: float
    inputs: str
    """Fingerprint of all it was trained on, as `make train` has it."""
    base: str | None
    """The model that answered then."""
    files: Sequence[str]
    """Files that differ from the project's."""
    added: int
    """Lines that reviewers corrected or confirmed, and the project does not have yet."""
    removed: int = 0
    """Such lines that were withdrawn, and stand in the project still."""
    remarks: str = ""
    """What the trainer had to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a model names that must exist elsewhere."""

    actions: frozenset[str]
    """Those that an action server runs."""
    intents: frozenset[str]


class ModelFiles:
    """One folder of models, as it is now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.candidates_folder = folder / "candidates"
        self._digests: dict[tuple[str, int, int], str] = {}

    def current(self) -> str | None:
        """The file name of the current model; None where there is none."""
        found = (self.folder / CURRENT).resolve()
        return found.name if found.is_file() else None

    def find(self, name: str) -> Path:
        """The file of this name; `current.tar.gz` is the current one. Raises NoSuchModel."""
        if name == CURRENT and (found := (self.folder / CURRENT).resolve()).is_file():
            return found
        if NAME.fullmatch(name) and name != CURRENT:
            for place in (self.folder / name, self.candidates_folder / name):
                if place.is_file():
                    return place
        raise NoSuchModel(f"There is no model {name} in {self.folder.name}/; `./relais models list` tells which are.")

    def candidates(self) -> Sequence[Candidate]:
        """The newest first."""
        found = [_candidate(file) for file in self.candidates_folder.glob("*.json")]
        return sorted((each for each in found if each is not None), key=lambda each: each.trained_at, reverse=True)

    def candidate(self, name: str) -> Candidate:
        """The one of this name. Raises NoSuchModel."""
        found = _candidate(self._fact_file(name)) if NAME.fullmatch(name) else None
        if found is None:
            raise NoSuchModel(f"There is no candidate {name}; `./relais models list` tells which are.")
        return found

    def others(self) -> Sequence[str]:
        """Models that are no candidates, the newest first: `make train` keeps a few."""
        found = (each.name for each in self.folder.glob("*.tar.gz") if not each.is_symlink())
        return sorted(found, reverse=True)

    def keep_candidate(self, model: Path, about: Candidate) -> None:
        """Give a trained model its place, and its facts after it."""
        self.candidates_folder.mkdir(parents=True, exist_ok=True)
        model.replace(self.candidates_folder / about.name)
        told = {**asdict(about), "trained_at": about.trained_at.isoformat()}
        write_whole(self._fact_file(about.name), json.dumps(told, ensure_ascii=False, indent=1))

    def drop_candidate(self, name: str) -> None:
        """Remove it with all that is known of it."""
        for suffix in (".json", ".comparison.json", ".tar.gz"):
            (self.candidates_folder / f"{_stem(name)}{suffix}").unlink(missing_ok=True)

    def thin_out(self, spared: Sequence[str]) -> None:
        """Remove the oldest candidates, but those named, and what no candidate has."""
        known = self.candidates()
        for each in known[KEPT:]:
            if each.name not in spared:
                self.drop_candidate(each.name)

    def comparison(self, name: str) -> Mapping[str, Any] | None:
        """What comparing it with a current model found, last time."""
        try:
            found: Mapping[str, Any] = json.loads(self._comparison_file(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def keep_comparison(self, name: str, found: Mapping[str, Any]) -> None:
        """In place of what was found before."""
        write_whole(self._comparison_file(name), json.dumps(found, ensure_ascii=False))

    def point_current(self, name: str) -> None:
        """Make this model the current one for whoever asks from now on; again changes nothing. Raises NoSuchModel."""
        model = self.find(name)
        if self.current() == name:
            return
        new = self.folder / f".{CURRENT}.server"
        new.unlink(missing_ok=True)
        new.symlink_to(os.path.relpath(model.resolve(), self.folder.resolve()))
        new.replace(self.folder / CURRENT)

    def digest(self, model: Path) -> str:
        """SHA-256 of the file, in hex; read once."""
        state = model.stat()
        key = (str(model), state.st_mtime_ns, state.st_size)
        if key not in self._digests:
            with model.open("rb") as file:
                self._digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[key]

    def names(self, name: str) -> Names:
        """What the model says it needs. Raises NoSuchModel, also for a file that is no model."""
        try:
            with tarfile.open(self.find(name)) as archive:
                member = archive.extractfile("metadata.json")
                domain = json.load(member)["domain"] if member else {}
        except (tarfile.TarError, OSError, EOFError, KeyError, ValueError):
            raise NoSuchModel(f"{name} is not a model of Rasa.") from None
        return Names(actions=_run_elsewhere(domain), intents=frozenset(map(_intent, domain.get("intents") or ())))

    def _fact_file(self, name: str) -> Path:
        return self.candidates_folder / f"{_stem(name)}.json"

    def _comparison_file(self, name: str) -> Path:
        return self.candidates_folder / f"{_stem(name)}.comparison.json"


def write_whole(file: Path, text: str) -> None:
    """All of it under its name, or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with part.open("w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    part.replace(file)


def now() -> datetime:
    """The clock of files."""
    return datetime.now(UTC)


def _stem(name: str) -> str:
    return name.removesuffix(".tar.gz")


def _candidate(file: Path) -> Candidate | None:
    """None for another file, and for one whose model is not there."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        found = Candidate(**{**told, "trained_at": datetime.fromisoformat(told["trained_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if file.with_name(found.name).is_file() and file.stem == _stem(found.name) else None


def _run_elsewhere(domain: Mapping[str, Any]) -> frozenset[str]:
    """Actions but for responses and forms, which Rasa has itself."""
    own = {*(domain.get("responses") or {}), *(domain.get("forms") or {})}
    return frozenset(name for name in map(_intent, domain.get("actions") or ()) if name not in own)


def _intent(given: Any) -> str:
    """Names stand alone, or as the key of what else is said of them."""
    return str(next(iter(given))) if isinstance(given, dict) else str(given)
