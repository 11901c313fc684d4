"""The rows of files that were uploaded to WhatsApp, by number and by what they came from."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.media.fetch import Fetched
from notifications.tables import uploaded_media
from storage.insert import insert_new
from storage.tables import phone_numbers

LIFETIME = timedelta(days=30)
"""Of an upload's id; Meta, Cloud API media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A file that WhatsApp has, and what is known of where it came from."""

    media_id: str
    etag: str | None
    last_modified: str | None
    content_sha256: str
    uploaded_at: datetime
    checked_at: datetime


def find(connection: Connection, phone_number_id: str, source: str) -> Uploaded | None:
    """What was uploaded for this number from this source."""
    columns = [uploaded_media.c[name] for name in Uploaded.__dataclass_fields__]
    row = connection.execute(sa.select(*columns).where(_is(phone_number_id, source))).one_or_none()
    return None if row is None else Uploaded(**row._asdict())


def keep(
    connection: Connection, phone_number_id: str, source: str, *, media_id: str, fetched: Fetched, now: datetime
) -> None:
    """It was uploaded: from now on it is sent by this id."""
    values = {
        "media_id": media_id,
        "mime_type": fetched.mime_type,
        "size_bytes": len(fetched.content),
        "etag": fetched.version.etag,
        "last_modified": fetched.version.last_modified,
        "content_sha256": digest(fetched.content),
        "uploaded_at": now,
        "checked_at": now,
        "expires_at": now + LIFETIME,
    }
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == phone_number_id)
    )
    key = {"phone_number_id": phone_number_id, "source": source, "business_id": business_id}
    if insert_new(connection, uploaded_media, {**key, **values}, uploaded_media.c.source) is None:
        connection.execute(sa.update(uploaded_media).where(_is(phone_number_id, source)).values(values))


def touch(connection: Connection, phone_number_id: str, source: str, now: datetime) -> None:
    """The file is still the one that was uploaded."""
    connection.execute(sa.update(uploaded_media).where(_is(phone_number_id, source)).values(checked_at=now))


def digest(content: bytes) -> str:
    """A file's SHA-256, in hex."""
    return hashlib.sha256(content).hexdigest()


def _is(phone_number_id: str, source: str) -> sa.ColumnElement[bool]:
    return (uploaded_media.c.phone_number_id == phone_number_id) & (uploaded_media.c.source == source)
