"""Photos and voice notes people send: kept in the database, named by ids like Meta's, shown on the page only.

Downloading them through the Graph API is not emulated yet.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.numbers import new_media_id

LARGEST_IMAGE_BYTES = 5 * 2**20  # Meta's documentation of media: images up to 5 MB
LARGEST_AUDIO_BYTES = 16 * 2**20

STATIC = Path(__file__).with_name("static")
SAMPLES = {"image": STATIC / "sample-photo.jpg", "audio": STATIC / "sample-voice-note.ogg"}

# How the formats WhatsApp takes begin. Nothing else is ever served from the page's own address.
_BEGINNINGS = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"OggS", 0, "audio/ogg; codecs=opus"),
    (b"#!AMR", 0, "audio/amr"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf1", 0, "audio/aac"),
    (b"ftyp", 4, "audio/mp4"),
)


class MediaProblem(ValueError):
    """WhatsApp would not take this file; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMedia:
    id: str
    mime_type: str
    sha256: str  # base64, as webhooks carry it
    content: bytes


class Media:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, kind: Literal["image", "audio"], content: bytes | None) -> StoredMedia:
        """Store a file, or the ready-made one of that kind."""
        content = SAMPLES[kind].read_bytes() if content is None else content
        media = StoredMedia(
            id=new_media_id(),
            mime_type=_mime_type(kind, content),
            sha256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
            content=content,
        )
        with self._database.transaction() as t:
            t.execute("INSERT INTO media VALUES (?, ?, ?, ?)", (media.id, media.mime_type, media.sha256, content))
        return media

    def find(self, media_id: str) -> StoredMedia | None:
        row = self._database.row("SELECT * FROM media WHERE id = ?", media_id)
        return StoredMedia(**dict(row)) if row else None


def kind_of(content: bytes) -> Literal["image", "audio"]:
    """What a file is, told from how it begins."""
    for beginning, offset, mime_type in _BEGINNINGS:
        if content[offset:].startswith(beginning):
            return "image" if mime_type.startswith("image/") else "audio"
    raise MediaProblem("WhatsApp takes JPEG and PNG photos, and OGG, MP3, M4A, AAC and AMR sound.")


def _mime_type(kind: str, content: bytes) -> str:
    if kind_of(content) != kind:
        raise MediaProblem(f"This file is no {kind}.")
    if len(content) > (LARGEST_IMAGE_BYTES if kind == "image" else LARGEST_AUDIO_BYTES):
        raise MediaProblem("This file is larger than WhatsApp takes.")
    return next(mime_type for beginning, offset, mime_type in _BEGINNINGS if content[offset:].startswith(beginning))
