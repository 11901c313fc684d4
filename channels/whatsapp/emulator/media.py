"""Files people send and businesses upload: kept in the database, named by ids like Meta's, until they expire.

MediaProblem    WhatsApp would not take this file; the text says why
"""

import base64
import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels.whatsapp.emulator.clock import Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.media_types import (
    LARGEST_BYTES,
    SHOWN_INLINE,
    TYPES,
    MediaKind,
    bare,
    kind_of_type,
    largest_bytes,
    sniffed,
)
from channels.whatsapp.emulator.numbers import new_media_id

LARGEST_IMAGE_BYTES = LARGEST_BYTES["image"]
LARGEST_AUDIO_BYTES = LARGEST_BYTES["audio"]

# Meta's documentation of media: an upload's id lives 30 days, one from a webhook 7.
UPLOADED_LASTS = timedelta(days=30)
RECEIVED_LASTS = timedelta(days=7)

STATIC = Path(__file__).with_name("static")
SAMPLES: Mapping[MediaKind, Path] = {
    "image": STATIC / "sample-photo.jpg",
    "video": STATIC / "sample-video.mp4",
    "audio": STATIC / "sample-voice-note.ogg",
    "document": STATIC / "sample-document.pdf",
    "sticker": STATIC / "sample-sticker.webp",
}


class MediaProblem(ValueError):
    """WhatsApp would not take this file; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMedia:
    id: str
    mime_type: str
    sha256: str  # base64, as webhooks carry it
    content: bytes = field(repr=False)
    phone_number_id: str = ""  # whose it is; empty: known to the page alone
    file_name: str | None = field(default=None, repr=False)

    @property
    def shown_inline(self) -> bool:
        """Whether a browser may show it as a part of the page; anything else is only for saving."""
        return bare(self.mime_type) in SHOWN_INLINE


class Media:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(
        self,
        kind: MediaKind,
        content: bytes | None,
        *,
        phone_number_id: str = "",
        file_name: str | None = None,
        mime_type: str | None = None,
    ) -> StoredMedia:
        """Store what a person sends, or the ready-made file of that kind; raises MediaProblem."""
        if content is None:
            content, file_name = SAMPLES[kind].read_bytes(), file_name or SAMPLES[kind].name
        found = _checked_type(kind, content, mime_type)
        return self._store(content, found, phone_number_id, file_name, RECEIVED_LASTS)

    def upload(self, content: bytes, mime_type: str, *, phone_number_id: str, file_name: str | None) -> StoredMedia:
        """Store what a business uploads; raises MediaProblem."""
        kind = kind_of_type(mime_type)
        if kind is None:
            allowed = ", ".join(name for names in TYPES.values() for name in names)
            raise MediaProblem(
                f"Param file must be a file with one of the following types: {allowed}."
                f" Received file of type '{mime_type}'."
            )
        if not content:
            raise MediaProblem("The file is empty.")
        if len(content) > largest_bytes(kind, content):
            raise MediaProblem(f"The file is larger than WhatsApp takes: {largest_bytes(kind, content)} bytes.")
        return self._store(content, mime_type, phone_number_id, file_name, UPLOADED_LASTS)

    def find(self, media_id: str) -> StoredMedia | None:
        """The file, also after its id has expired: what a phone has received, it keeps."""
        row = self._database.row("SELECT * FROM media WHERE id = ?", media_id)
        return _stored(row) if row else None

    def find_unexpired(self, media_id: str) -> StoredMedia | None:
        """The file as the Graph API knows it."""
        row = self._database.row(
            "SELECT * FROM media WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)",
            *(media_id, self._clock().timestamp()),
        )
        return _stored(row) if row else None

    def expire(self, media_id: str) -> bool:
        """End the life of this id now; tells whether there is one."""
        with self._database.transaction() as t:
            now = self._clock().timestamp()
            return t.execute("UPDATE media SET expires_at = ? WHERE id = ?", (now, media_id)).rowcount > 0

    def list(self) -> list[dict[str, Any]]:
        """What is kept, without the content."""
        rows = self._database.rows(
            "SELECT id, mime_type, phone_number_id, file_name, length(content) AS file_size, expires_at"
            " FROM media ORDER BY rowid"
        )
        return [dict(row) for row in rows]

    def prune(self, t: sqlite3.Connection) -> None:
        """Forget uploads whose time is long over. What people sent stays as long as their chats."""
        long_ago = (self._clock() - UPLOADED_LASTS).timestamp()
        t.execute("DELETE FROM media WHERE expires_at < ? AND phone_number_id <> ''", (long_ago,))

    def _store(
        self, content: bytes, mime_type: str, phone_number_id: str, file_name: str | None, lasts: timedelta
    ) -> StoredMedia:
        media = StoredMedia(
            id=new_media_id(),
            mime_type=mime_type,
            sha256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
            content=content,
            phone_number_id=phone_number_id,
            file_name=file_name,
        )
        expires_at: datetime = self._clock() + lasts
        with self._database.transaction() as t:
            t.execute(
                "INSERT INTO media (id, mime_type, sha256, content, phone_number_id, file_name, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (media.id, mime_type, media.sha256, content, phone_number_id, file_name, expires_at.timestamp()),
            )
        return media


def kind_of(content: bytes) -> MediaKind:
    """What a file is, told from how it begins; raises MediaProblem for anything WhatsApp sends only as a document."""
    if (found := sniffed(content)) and (kind := kind_of_type(found)):
        return kind
    raise MediaProblem(
        "WhatsApp takes JPEG and PNG photos, MP4 and 3GP films, WebP stickers, PDF,"
        " and OGG, MP3, M4A, AAC and AMR sound."
    )


def _checked_type(kind: MediaKind, content: bytes, mime_type: str | None) -> str:
    if len(content) > largest_bytes(kind, content):
        raise MediaProblem("This file is larger than WhatsApp takes.")
    found = sniffed(content)
    if kind == "document":  # anything may be sent as one
        return mime_type or found or "application/octet-stream"
    if kind_of(content) != kind or found is None:
        raise MediaProblem(f"This file is no {kind}.")
    return found


def _stored(row: sqlite3.Row) -> StoredMedia:
    return StoredMedia(
        id=row["id"],
        mime_type=row["mime_type"],
        sha256=row["sha256"],
        content=row["content"],
        phone_number_id=row["phone_number_id"],
        file_name=row["file_name"],
    )
