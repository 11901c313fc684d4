"""Where models lie: which file is the current one, and how another one gets its name, in one step."""

import hashlib
import os
import re
from pathlib import Path

CURRENT = "current.tar.gz"
#: Models that were trained to be compared with the current one, and may take its place.
CANDIDATES = "candidates"
#: What a model's file may be called; nothing that leads out of its folder.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.tar\.gz")

_PIECE_BYTES = 1 << 20


def find_model(models: Path, name: str) -> "Path | None":
    """The file of that name, among the trained ones and the candidates."""
    if not NAME.fullmatch(name) or name == CURRENT:
        return None
    places = (models / name, models / CANDIDATES / name)
    return next((place for place in places if place.is_file()), None)


def point_current(models: Path, model: Path) -> None:
    """Makes this model the current one, for whoever starts from now on."""
    new = models / f".{CURRENT}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(model.resolve(), models.resolve()))
    new.replace(models / CURRENT)


def digest_of(model: Path) -> str:
    """SHA-256 of the file, in hex."""
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
