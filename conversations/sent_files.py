"""Files that agents send from the desk: kept in our own storage, named by a link that only our own worker can follow.

A payload names a file by link, as every other does; this one's host ends in .invalid (RFC 2606), so that nobody else
ever answers for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.team_tables import sent_files
from storage.types import new_id

_PREFIX: Final = "https://files.relais.invalid/"

MAX_NAME: Final = 255
"""Characters of a file's name: as long as file systems take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file of an agent's."""

    id: str
    conversation_id: str
    member_id: str
    kind: str
    mime_type: str
    filename: str = field(repr=False)
    size_bytes: int
    storage_key: str


def link_of(file_id: str) -> str:
    """How a payload names it."""
    return _PREFIX + file_id


def id_of(link: str) -> str | None:
    """The file that a link names; None for a link to somewhere else."""
    return link.removeprefix(_PREFIX) if link.startswith(_PREFIX) else None


def key_of(business_id: str) -> tuple[str, str]:
    """A new file's id, and where it will be kept."""
    file_id = new_id()
    return file_id, f"{business_id}/{file_id}"


def add(connection: Connection, file: SentFile, business_id: str, now: datetime) -> None:
    """It is kept whole, and may be sent."""
    values = {name: getattr(file, name) for name in SentFile.__dataclass_fields__}
    connection.execute(
        sa.insert(sent_files).values(
            **values | {"filename": file.filename[:MAX_NAME], "business_id": business_id, "created_at": now}
        )
    )


def find(connection: Connection, file_id: str, conversation_id: str | None = None) -> SentFile | None:
    """One by its id, of this talk where one is named."""
    f = sent_files.c
    which = [f.conversation_id == conversation_id] if conversation_id else []
    columns = [f[name] for name in SentFile.__dataclass_fields__]
    row = connection.execute(sa.select(*columns).where(f.id == file_id, *which)).one_or_none()
    return None if row is None else SentFile(**row._asdict())


def keys(connection: Connection, talks: Sequence[str]) -> list[str]:
    """Where the files are kept that were sent in these talks."""
    f = sent_files.c
    return list(connection.scalars(sa.select(f.storage_key).where(f.conversation_id.in_(talks))))
