"""Resumable uploads: begun with a length, continued piece by piece, and named by a handle once complete."""

import secrets
from dataclasses import dataclass, field

from channels.whatsapp.emulator.database import Database

PREFIX = "upload:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    id: str
    file_type: str
    file_length: int
    offset: int  # bytes that are here
    handle: str | None = field(repr=False)


class Uploads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, *, file_name: str, file_type: str, file_length: int) -> Upload:
        # As at Meta, part of the id reads like a query: whoever quotes it or takes it apart fails here too.
        session = f"{PREFIX}{secrets.token_urlsafe(24)}?sig={secrets.token_urlsafe(12)}"
        with self._database.transaction() as t:
            t.execute(
                "INSERT INTO uploads (id, file_name, file_type, file_length, content) VALUES (?, ?, ?, ?, x'')",
                (session, file_name, file_type, file_length),
            )
        return Upload(id=session, file_type=file_type, file_length=file_length, offset=0, handle=None)

    def find(self, path: str, signature: str | None) -> Upload | None:
        """The upload its own address names: the path's last part, and the `sig` that follows it."""
        session = path if signature is None else f"{path}?sig={signature}"
        row = self._database.row(
            "SELECT id, file_type, file_length, length(content) AS size, handle FROM uploads WHERE id = ?", session
        )
        if row is None:
            return None
        return Upload(
            id=row["id"],
            file_type=row["file_type"],
            file_length=row["file_length"],
            offset=row["size"],
            handle=row["handle"],
        )

    def go_on(self, upload: Upload, content: bytes) -> Upload:
        """Add the next piece; the last one gives the upload its handle."""
        offset = upload.offset + len(content)
        complete = offset == upload.file_length
        handle = f"4::{secrets.token_urlsafe(48)}" if complete else None
        with self._database.transaction() as t:
            t.execute(
                "UPDATE uploads SET content = CAST(content || ? AS BLOB), handle = ? WHERE id = ?",
                (content, handle, upload.id),
            )
        return Upload(
            id=upload.id, file_type=upload.file_type, file_length=upload.file_length, offset=offset, handle=handle
        )

    def type_of(self, handle: str) -> str | None:
        """The type of the file a handle stands for; None when nobody was given this handle."""
        row = self._database.row("SELECT file_type FROM uploads WHERE handle = ?", handle)
        return str(row["file_type"]) if row else None
