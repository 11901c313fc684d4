"""One talk for reading: what the person sent, what came of it, and what stands beside it; a stretch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review.facts import Facts, facts_of
from conversations.tables import inbound_messages, received_media, turn_events, turns

STRETCH: Final = 40
"""Messages of the person in one stretch: some screens of a talk. Our choice."""

AFTER: Final = 8
"""Messages of the person that are shown after the one a reader came for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTurn:
    """What came of a message."""

    id: str
    status: str
    facts: Facts = field(repr=False)
    error: str | None
    took_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFile:
    """A file that came with it."""

    id: str
    kind: str
    mime_type: str | None
    filename: str | None
    status: str
    transcript: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of the person."""

    id: str
    kind: str
    raw: Mapping[str, Any] = field(repr=False)
    sent_at: datetime
    turn: HeardTurn | None
    file: HeardFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Messages of the person, the oldest first."""

    heard: Sequence[Heard]
    older_than: str | None
    """The id before which there are older ones; None where this begins the talk."""
    newer_than: str | None
    """The id from which on there are newer ones, that id included; None where this ends the talk."""


def stretch(
    connection: Connection, conversation_id: str, *, before: str | None = None, around: str | None = None
) -> Stretch:
    """The newest messages, or those before this one, or those around this turn's."""
    i = inbound_messages.c
    end = before or (_end_around(connection, conversation_id, around) if around else None)
    newest = sa.select(i.id, i.kind, i.raw, i.sent_at).where(i.conversation_id == conversation_id)
    if end is not None:
        newest = newest.where(i.id < end)
    rows = connection.execute(newest.order_by(i.id.desc()).limit(STRETCH + 1)).all()
    shown = list(reversed(rows[:STRETCH]))
    ids = [row.id for row in shown]
    read, files = _turns(connection, ids), _files(connection, ids)
    heard = [Heard(**row._mapping, turn=read.get(row.id), file=files.get(row.id)) for row in shown]
    return Stretch(heard=heard, older_than=ids[0] if len(rows) > STRETCH else None, newer_than=end)


def _end_around(connection: Connection, conversation_id: str, turn_id: str) -> str | None:
    i = inbound_messages.c
    own = sa.select(turns.c.inbound_message_id).where(turns.c.id == turn_id).scalar_subquery()
    after = sa.select(i.id).where(i.conversation_id == conversation_id, i.id > own).order_by(i.id)
    return connection.scalar(after.offset(AFTER).limit(1))


def _turns(connection: Connection, inbound_ids: Sequence[str]) -> dict[str, HeardTurn]:
    t, e = turns.c, turn_events.c
    rows = connection.execute(
        sa.select(t.id, t.inbound_message_id, t.input, t.status, t.error, t.started_at, t.finished_at).where(
            t.inbound_message_id.in_(inbound_ids)
        )
    ).all()
    events: dict[str, list[Any]] = {}
    told = sa.select(e.turn_id, e.event).where(e.turn_id.in_([row.id for row in rows]))
    for turn_id, event in connection.execute(told.order_by(e.turn_id, e.position)):
        events.setdefault(turn_id, []).append(event)
    return {
        row.inbound_message_id: HeardTurn(
            id=row.id,
            status=row.status,
            facts=facts_of(row.input, events.get(row.id, [])),
            error=row.error,
            took_ms=_milliseconds(row.started_at, row.finished_at),
        )
        for row in rows
    }


def _files(connection: Connection, inbound_ids: Sequence[str]) -> dict[str, HeardFile]:
    m = received_media.c
    columns = (m.id, m.kind, m.mime_type, m.filename, m.status, m.transcript)
    rows = connection.execute(sa.select(m.inbound_message_id, *columns).where(m.inbound_message_id.in_(inbound_ids)))
    return {
        row.inbound_message_id: HeardFile(**{column.name: getattr(row, column.name) for column in columns})
        for row in rows
    }


def file_of(connection: Connection, conversation_id: str, media_id: str) -> bool:
    """Whether this file was sent in this talk."""
    m, i = received_media.c, inbound_messages.c
    found = sa.select(m.id).join(inbound_messages, i.id == m.inbound_message_id)
    return connection.scalar(found.where(m.id == media_id, i.conversation_id == conversation_id)) is not None


def _milliseconds(began: datetime | None, ended: datetime | None) -> int | None:
    return None if began is None or ended is None else max(0, round((ended - began).total_seconds() * 1000))
