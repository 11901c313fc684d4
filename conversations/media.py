"""The files people send, as rows: expected, fetched under a lease, kept or given up, and voice notes written down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.media.download import DOWNLOAD_SECONDS, Announced, Saved
from channels.whatsapp.webhook import MediaReceived
from conversations.tables import MEDIA_IS_OPEN, inbound_messages, received_media, turns
from storage.clock import database_now
from storage.tables import businesses, conversations, subscribers
from storage.types import new_id

LEASE_SECONDS = DOWNLOAD_SECONDS + 60.0
"""How long a file stays a worker's: longer than a download and its settling, and than a transcriber may take."""

SHORTEST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 900.0
"""Between tries; each pause is twice the one before."""

GIVE_UP_AFTER = timedelta(days=1)
"""WhatsApp keeps a file for seven days; one that was not to be had in a day needs a person's look. Our choice."""

MAX_TRANSCRIPT = 4096
"""Characters of a transcript that are kept."""

MAX_NAME = 255
"""Characters of a sender's file name that are kept: as long as file systems take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file that is ours to fetch, or to have written down, until its lease ends."""

    id: str
    business_id: str
    announced: Announced
    storage_key: str | None
    """Where it is kept; None while WhatsApp alone has it."""
    mime_type: str | None
    language: str
    attempt: int
    failures: int
    received_at: datetime

    @property
    def key(self) -> str:
        """Where it will be kept. Its own id, so that whoever fetches it again takes the same place."""
        return f"{self.business_id}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file somebody sent, for those who show it."""

    id: str
    kind: str
    status: str
    reason: str | None
    is_voice: bool
    mime_type: str | None
    size_bytes: int | None
    filename: str | None = field(repr=False)
    storage_key: str | None
    transcript: str | None = field(repr=False)
    received_at: datetime
    stored_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What is known of the voice note that a turn is about."""

    is_pending: bool
    transcript: str | None = field(repr=False)


def expect(
    connection: Connection,
    *,
    business_id: str,
    inbound_message_id: str,
    phone_number_id: str,
    content: MediaReceived,
    now: datetime,
) -> None:
    """Somebody sent a file: it is to be fetched. Wake the topic "media" after the commit."""
    connection.execute(
        sa.insert(received_media).values(
            id=new_id(),
            business_id=business_id,
            inbound_message_id=inbound_message_id,
            phone_number_id=phone_number_id,
            media_id=content.media_id,
            kind=content.kind,
            is_voice=content.voice,
            mime_type=content.mime_type,
            sha256=content.sha256,
            filename=content.filename[:MAX_NAME] if content.filename else None,
            status="waiting",
            run_at=database_now(),
            received_at=now,
        )
    )


def is_expected(connection: Connection, conversation_id: str, media_id: str) -> bool:
    """Whether this file of WhatsApp's was already announced in the conversation."""
    m, i = received_media.c, inbound_messages.c
    known = (
        sa.select(m.id)
        .join(inbound_messages, i.id == m.inbound_message_id)
        .where(i.conversation_id == conversation_id, m.media_id == media_id)
    )
    return bool(connection.scalar(sa.select(known.exists())))


def claim(connection: Connection, limit: int, lease_seconds: float = LEASE_SECONDS) -> list[Claimed]:
    """Take up to `limit` files that are due and that nobody holds."""
    m = received_media.c
    due = (
        sa.select(m.id)
        .where(MEDIA_IS_OPEN, m.run_at <= database_now(), m.lease_until.is_(None) | (m.lease_until < database_now()))
        .order_by(m.run_at, m.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    connection.execute(
        sa.update(received_media)
        .where(m.id.in_(ids))
        .values(
            lease_until=database_now(lease_seconds),
            attempt=m.attempt + 1,
            # Whoever held the lease died over it, perhaps of it.
            failures=sa.case(((m.status == "unheard") & m.lease_until.is_not(None), m.failures + 1), else_=m.failures),
        )
    )
    rows = connection.execute(
        sa.select(
            received_media,
            sa.func.coalesce(subscribers.c.locale, businesses.c.default_language).label("language"),
        )
        .join(businesses, businesses.c.id == m.business_id)
        .join(inbound_messages, inbound_messages.c.id == m.inbound_message_id)
        .outerjoin(conversations, conversations.c.id == inbound_messages.c.conversation_id)
        .outerjoin(subscribers, subscribers.c.id == conversations.c.subscriber_id)
        .where(m.id.in_(ids))
        .order_by(m.run_at, m.id)
    )
    return [_claimed(row) for row in rows]


def forget_leases(connection: Connection) -> None:
    """End every lease. Only for a process that knows it is the only one on this database."""
    connection.execute(
        sa.update(received_media)
        .where(MEDIA_IS_OPEN, received_media.c.lease_until.is_not(None))
        .values(lease_until=database_now(-1))
    )


def seconds_until_due(connection: Connection) -> float | None:
    """How long until the next file is due; None when none waits."""
    m = received_media.c
    wanted = sa.case((m.lease_until.is_(None) | (m.lease_until < m.run_at), m.run_at), else_=m.lease_until)
    row = connection.execute(
        sa.select(sa.func.min(wanted, type_=m.run_at.type), database_now()).where(MEDIA_IS_OPEN)
    ).one()
    return None if row[0] is None else max(0.0, (row[0] - row[1]).total_seconds())


def stored(connection: Connection, file: Claimed, saved: Saved, now: datetime, *, to_be_heard: bool) -> None:
    """It is kept whole; a voice note is then written down, where somebody can."""
    _settle(
        connection,
        file,
        status="unheard" if to_be_heard else "stored",
        storage_key=file.key,
        mime_type=saved.mime_type,
        size_bytes=saved.size,
        stored_at=now,
        failures=0,
        reason=None,
    )


def heard(connection: Connection, file: Claimed, transcript: str | None) -> None:
    """A voice note was listened to; None when nothing was understood. The turn that waits for it goes on."""
    if _settle(connection, file, status="stored", transcript=transcript[:MAX_TRANSCRIPT] if transcript else None):
        _wake_conversation(connection, file)


def given_up(connection: Connection, file: Claimed, status: str, reason: str) -> None:
    """It will not be had: "gone" or "refused"."""
    if _settle(connection, file, status=status, reason=reason):
        _wake_conversation(connection, file)


def postponed(connection: Connection, file: Claimed, reason: str, now: datetime) -> None:
    """It could not be had this time; after a day of trying it is "failed"."""
    if now - file.received_at >= GIVE_UP_AFTER:
        given_up(connection, file, "failed", reason)
        return
    pause = min(LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS * 2 ** min(file.failures, 16))
    _settle(connection, file, run_at=database_now(pause), failures=file.failures + 1, reason=reason)


def hearing(connection: Connection, turn_id: str) -> Hearing:
    """Whether the voice note of a turn was written down, or will be."""
    row = connection.execute(
        sa.select(received_media.c.status, received_media.c.transcript)
        .join(turns, turns.c.inbound_message_id == received_media.c.inbound_message_id)
        .where(turns.c.id == turn_id)
    ).first()
    if row is None:
        return Hearing(is_pending=False, transcript=None)
    return Hearing(is_pending=row.status in ("waiting", "unheard"), transcript=row.transcript)


def of_turn(connection: Connection, turn_id: str) -> tuple[str, str | None] | None:
    """Our id and the MIME type of the file that a turn is about, be it fetched already or not."""
    row = connection.execute(
        sa.select(received_media.c.id, received_media.c.mime_type)
        .join(turns, turns.c.inbound_message_id == received_media.c.inbound_message_id)
        .where(turns.c.id == turn_id)
    ).first()
    return None if row is None else (row.id, row.mime_type)


def find(connection: Connection, media_id: str) -> KeptFile | None:
    """One file by our id of it."""
    columns = [received_media.c[name] for name in KeptFile.__dataclass_fields__]
    row = connection.execute(sa.select(*columns).where(received_media.c.id == media_id)).one_or_none()
    return None if row is None else KeptFile(**row._asdict())


def _settle(connection: Connection, file: Claimed, **values: Any) -> bool:
    """Write what became of it; False when another worker has taken it over since."""
    settled = connection.scalar(
        sa.update(received_media)
        .where(received_media.c.id == file.id, received_media.c.attempt == file.attempt)
        .values({"lease_until": None, **values})
        .returning(received_media.c.id)
    )
    return settled is not None


def _wake_conversation(connection: Connection, file: Claimed) -> None:
    """The turn that waited for this file is due."""
    c = conversations.c
    whose = (
        sa.select(inbound_messages.c.conversation_id)
        .join(received_media, received_media.c.inbound_message_id == inbound_messages.c.id)
        .where(received_media.c.id == file.id)
        .scalar_subquery()
    )
    connection.execute(
        sa.update(conversations).where(c.id == whose, c.next_turn_at.is_not(None)).values(next_turn_at=database_now())
    )


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        business_id=row.business_id,
        announced=Announced(
            kind=row.kind,
            media_id=row.media_id,
            phone_number_id=row.phone_number_id,
            mime_type=row.mime_type,
            sha256=row.sha256,
        ),
        storage_key=row.storage_key,
        mime_type=row.mime_type,
        language=row.language,
        attempt=row.attempt,
        failures=row.failures,
        received_at=row.received_at,
    )
