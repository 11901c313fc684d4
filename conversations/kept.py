"""What a webhook brought beside messages and receipts: kept raw, each item as a webhook body of its own.

News (of templates, of the account, of fields that nobody reads) is kept as the record of what Meta said. What should
have found a place and did not carries a problem, is counted, and can be read again: see `replay`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import InboundMessage, Item, News, Sender, StatusUpdate, Unreadable
from conversations.tables import channel_events
from storage.tables import phone_numbers
from storage.types import new_id

OBJECT = "whatsapp_business_account"

MAX_FIELD = 200
"""Characters of a field's name that are kept."""

MAX_NUMBER = 64
"""Characters of a phone_number_id that are kept: as many as its column takes."""

UNSTORABLE = (sa.exc.StatementError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What an item can be to blame for when it is stored, or a mistake of ours about it: kept raw, it is read again once
that is mended. A database that cannot commit now is no such thing (`StorageError`): Meta sends the webhook again."""

IS_OPEN = cast(
    "sa.ColumnElement[bool]",
    sa.text("channel_events.problem IS NOT NULL AND channel_events.replayed_at IS NULL"),
)
"""The condition of ix_channel_events_open, as the index words it."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kept item."""

    id: str
    field: str
    problem: str | None
    received_at: datetime
    body: dict[str, Any]


def keep(connection: Connection, item: Item, now: datetime, problem: str | None = None) -> None:
    """Keep an item; `problem` says why it found no place."""
    match item:
        case Unreadable():
            field, problem = "unreadable", problem or item.problem
        case InboundMessage():
            field = "messages"
        case StatusUpdate():
            field = "statuses"
        case News():
            field = item.field
    log.info("webhook.kept_apart", kind=field, problem=problem)
    connection.execute(
        sa.insert(channel_events).values(
            id=new_id(),
            business_id=_business(connection, item.phone_number_id),
            phone_number_id=item.phone_number_id and item.phone_number_id[:MAX_NUMBER],
            field=field[:MAX_FIELD],
            problem=problem,
            raw=_body(item),
            received_at=now,
        )
    )


def count_open(connection: Connection) -> dict[str, int]:
    """How many items found no place, by field."""
    c = channel_events.c
    rows = connection.execute(sa.select(c.field, sa.func.count()).where(IS_OPEN).group_by(c.field))
    return {field: int(count) for field, count in rows}


def open_items(connection: Connection, limit: int, after: str | None = None) -> list[Kept]:
    """Items that found no place, oldest first, behind the id `after`."""
    c = channel_events.c
    rows = connection.execute(
        sa.select(c.id, c.field, c.problem, c.received_at, c.raw.label("body"))
        .where(IS_OPEN, c.id > after if after else sa.true())
        .order_by(c.id)
        .limit(limit)
    )
    return [Kept(**row._asdict()) for row in rows]


def mark_replayed(connection: Connection, kept_id: str, now: datetime) -> None:
    """It has found its place."""
    connection.execute(sa.update(channel_events).where(channel_events.c.id == kept_id).values(replayed_at=now))


def _business(connection: Connection, phone_number_id: str | None) -> str | None:
    if phone_number_id is None:
        return None
    p = phone_numbers.c
    return connection.scalar(sa.select(p.business_id).where(p.phone_number_id == phone_number_id))


def _body(item: Item) -> dict[str, Any]:
    """A webhook body with this item alone."""
    match item:
        case Unreadable():
            return item.raw
        case News():
            change = item.raw
        case InboundMessage():
            change = _messages_change(item, {"contacts": [_contact(item.sender)], "messages": [item.raw]})
        case StatusUpdate():
            change = _messages_change(item, {"statuses": [item.raw]})
    return {"object": OBJECT, "entry": [{"id": item.waba_id, "changes": [change]}]}


def _messages_change(item: InboundMessage | StatusUpdate, content: dict[str, Any]) -> dict[str, Any]:
    metadata = {"phone_number_id": item.phone_number_id}
    return {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **content}}


def _contact(sender: Sender) -> dict[str, Any]:
    ids = {"wa_id": sender.wa_id, "user_id": sender.user_id, "parent_user_id": sender.parent_user_id}
    profile = {"name": sender.name, "username": sender.username}
    return {
        "profile": {part: value for part, value in profile.items() if value is not None},
        **{name: value for name, value in ids.items() if value is not None},
    }
