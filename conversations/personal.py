"""What two-way talk keeps of a person: told to them, or made nobody's."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import sent_files
from conversations.guest_tables import guests
from conversations.review import personal as review
from conversations.tables import (
    TURN_IS_OPEN,
    channel_events,
    handoffs,
    inbound_messages,
    received_media,
    reply_tokens,
    tracking_links,
    turn_events,
    turns,
    unasked,
)
from conversations.team_tables import sent_files as files_sent
from conversations.team_tables import talk_watchers
from storage.tables import addresses, conversations, phone_numbers, subscribers

ERASED: Final = "erased"
"""Stands where something of a person stood."""

_DELETED: Final = (reply_tokens, unasked, tracking_links, handoffs, talk_watchers, files_sent, guests)
"""What belongs to a talk and means nothing without it."""


def talks_of(connection: Connection, subscriber_id: str) -> list[str]:
    """Every talk of a person, those that were joined to another included."""
    c = conversations.c
    same = same_person(connection, subscriber_id)
    return list(connection.scalars(sa.select(c.id).where(c.subscriber_id.in_(same)).order_by(c.id)))


def same_person(connection: Connection, subscriber_id: str) -> list[str]:
    """The subscriber, and all who turned out to be the same person."""
    s = subscribers.c
    found, new = [subscriber_id], [subscriber_id]
    while new:
        new = list(connection.scalars(sa.select(s.id).where(s.merged_into.in_(new), s.id.not_in(found))))
        found += new
    return found


def is_quiet(connection: Connection, talks: Sequence[str]) -> bool:
    """Whether no turn of these talks waits or runs."""
    open_turn = sa.exists().where(turns.c.conversation_id.in_(talks), TURN_IS_OPEN)
    return not connection.scalar(sa.select(open_turn))


def newest_message(connection: Connection, talks: Sequence[str]) -> str | None:
    """The id of what the person sent last."""
    i = inbound_messages.c
    return connection.scalar(sa.select(i.id).where(i.conversation_id.in_(talks)).order_by(i.id.desc()).limit(1))


def file_keys(connection: Connection, talks: Sequence[str]) -> list[str]:
    """Where the files are kept that were sent in these talks."""
    m = received_media.c
    keys = sa.select(m.storage_key).where(m.inbound_message_id.in_(_inbound(talks)), m.storage_key.is_not(None))
    return [*(str(key) for key in connection.scalars(keys)), *sent_files.keys(connection, talks)]


def told(connection: Connection, subscriber_id: str) -> dict[str, Any]:
    """All of it, as JSON; moments as RFC 3339."""
    talks = talks_of(connection, subscriber_id)
    s, a, c, i, m = subscribers.c, addresses.c, conversations.c, inbound_messages.c, received_media.c
    columns = (s.name, s.locale, s.timezone, s.external_id, s.attributes, s.created_at)
    person = connection.execute(sa.select(*columns).where(s.id == subscriber_id)).one()
    return {
        "person": {
            "name": person.name,
            "language": person.locale,
            "timezone": person.timezone,
            "id_at_the_business": person.external_id,
            "attributes": person.attributes,
            "known_since": person.created_at.isoformat(),
            "addresses": _rows(connection, sa.select(a.kind, a.value).where(a.subscriber_id == subscriber_id)),
        },
        "talks": _rows(
            connection,
            sa.select(phone_numbers.c.display_number.label("with"), c.last_inbound_at.label("last_written_at"))
            .join(phone_numbers, phone_numbers.c.phone_number_id == c.phone_number_id)
            .where(c.id.in_(talks), c.merged_into.is_(None)),
        ),
        "received": [
            {"at": row.sent_at.isoformat(), "kind": row.kind, "text": _words(row.raw)}
            for row in connection.execute(
                sa.select(i.sent_at, i.kind, i.raw).where(i.conversation_id.in_(talks)).order_by(i.id)
            )
        ],
        "files": _rows(
            connection,
            sa.select(m.kind, m.mime_type, m.filename, m.size_bytes, m.transcript, m.received_at)
            .where(m.inbound_message_id.in_(_inbound(talks)))
            .order_by(m.id),
        ),
        "files_sent": _of(connection, files_sent, talks, "kind", "mime_type", "filename", "size_bytes", "created_at"),
        "shared_links": _of(connection, tracking_links, talks, "code", "created_at", "expires_at"),
        "handoffs": _of(connection, handoffs, talks, "asked_at", "reason", "summary", "state"),
        "notes": review.told(connection, talks),
        "corrections": review.told_corrections(connection, talks),
    }


def erase(connection: Connection, subscriber_id: str) -> dict[str, int]:
    """Make all of it nobody's; how many rows of each table were concerned.

    What happened stays as a fact, without words and without a name: an inbound message, a turn. What only served the
    talk goes. The person who writes again is somebody new.
    """
    same, talks = same_person(connection, subscriber_id), talks_of(connection, subscriber_id)
    whatsapp_ids = list(
        connection.scalars(
            sa.select(addresses.c.value).where(
                addresses.c.subscriber_id.in_(same), addresses.c.kind.in_(("whatsapp", "bsuid"))
            )
        )
    )
    removed = review.erase(connection, talks)
    removed |= {name: connection.execute(statement).rowcount for name, statement in _emptied(same, talks)}
    removed["channel_events"] = _erase_kept_apart(connection, whatsapp_ids)
    return {name: count for name, count in removed.items() if count}


def _emptied(same: Sequence[str], talks: Sequence[str]) -> list[tuple[str, Any]]:
    """What makes the rows of each table nobody's, in the order in which they point at each other."""
    t, i, c = turns.c, inbound_messages.c, conversations.c
    ours = sa.select(t.id).where(t.inbound_message_id.in_(_inbound(talks)))
    return [
        ("turn_events", sa.delete(turn_events).where(turn_events.c.turn_id.in_(ours))),
        (
            "turns",
            sa.update(turns)
            .where(t.id.in_(ours))
            .values(
                input={"kind": "canned", "key": ERASED},
                error=None,
                status=sa.case((TURN_IS_OPEN, "withdrawn"), else_=t.status),
            ),
        ),
        ("received_media", sa.delete(received_media).where(received_media.c.inbound_message_id.in_(_inbound(talks)))),
        (
            "inbound_messages",
            # The wamid holds the number; the id of the row takes its place.
            sa.update(inbound_messages)
            .where(i.conversation_id.in_(talks))
            .values(raw={}, wamid=sa.literal(f"{ERASED}:") + sa.cast(i.id, sa.Text)),
        ),
        *((table.name, sa.delete(table).where(table.c.conversation_id.in_(talks))) for table in _DELETED),
        ("addresses", sa.delete(addresses).where(addresses.c.subscriber_id.in_(same))),
        (
            "subscribers",
            sa.update(subscribers)
            .where(subscribers.c.id.in_(same))
            .values(name=None, locale=None, timezone=None, external_id=None, attributes=sa.null()),
        ),
        (
            "conversations",
            sa.update(conversations)
            .where(c.id.in_(talks))
            # Whoever writes next begins anew, with the bot.
            .values(next_turn_at=None, lease_until=None, lease_owner=None, attempt=c.attempt + 1, answered_by="bot"),
        ),
    ]


def _erase_kept_apart(connection: Connection, whatsapp_ids: Sequence[str]) -> int:
    """What found no place is a body as it came: those that name the person go."""
    raw = sa.cast(channel_events.c.raw, sa.Text)
    deleted = 0
    for each in whatsapp_ids:
        names_them = raw.contains(f'"{each}"', autoescape=True)
        deleted += connection.execute(sa.delete(channel_events).where(names_them)).rowcount
    return deleted


def _inbound(talks: Sequence[str]) -> sa.Select[Any]:
    return sa.select(inbound_messages.c.id).where(inbound_messages.c.conversation_id.in_(talks))


def _of(connection: Connection, table: sa.Table, talks: Sequence[str], *names: str) -> list[dict[str, Any]]:
    columns = [table.c[name] for name in names]
    return _rows(connection, sa.select(*columns).where(table.c.conversation_id.in_(talks)))


def _rows(connection: Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row._mapping.items()}
        for row in connection.execute(query)
    ]


def _words(raw: dict[str, Any]) -> str | None:
    """What stood in a message, where it was words."""
    content = raw.get(str(raw.get("type")))
    if not isinstance(content, dict):
        return None
    for reply in ("button_reply", "list_reply"):
        if isinstance(content.get(reply), dict):
            return str(content[reply].get("title", ""))
    found = next((content[name] for name in ("body", "text", "caption") if content.get(name)), None)
    return None if found is None else str(found)
