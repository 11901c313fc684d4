"""Dead letters: messages that failed for good and that nobody has looked after yet; to be sent again, or dropped.

NotDead     there is no such message, it did not fail, or somebody was faster
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.decisions import Decided, keep_decisions
from notifications.status import Status
from notifications.tables import IS_DEAD, messages, notifications
from storage.clock import database_now
from storage.types import new_id

MOST: Final = 50
"""Of one page, unless said otherwise."""


class NotDead(Exception):
    """This message is no dead letter, or none any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that failed, without a word of what it said or to whom."""

    id: str
    business_id: str
    channel: str
    lane: str
    category: str
    workflow: str | None
    provider: str | None
    error_code: int | None
    error: str | None
    failures: int
    failed_at: datetime


def dead_letters(
    connection: Connection,
    *,
    business_id: str | None = None,
    business_ids: Collection[str] | None = None,
    before_id: str | None = None,
    most: int = MOST,
    is_test: bool | None = None,
) -> Sequence[DeadLetter]:
    """The newest first; `before_id` is the last one of the page before. Without a business or several, those of all.

    `is_test` keeps apart what was made with test keys and what was not.
    """
    m = messages.c
    where: list[sa.ColumnElement[bool] | sa.TextClause] = [IS_DEAD]
    if business_id is not None:
        where.append(m.business_id == business_id)
    if business_ids is not None:
        where.append(m.business_id.in_(sorted(business_ids)))
    if before_id is not None:
        where.append(m.id < before_id)
    if is_test is not None:
        where.append(m.is_test == is_test)
    rows = connection.execute(_LETTER.where(*where).order_by(m.id.desc()).limit(most))
    return [DeadLetter(**row._mapping) for row in rows]


def replay(connection: Connection, message_id: str, now: datetime, business_id: str | None = None) -> str:
    """Send it once more, as a message of its own without the time limit that it had; its id. Raises NotDead.

    The old one is closed, so that it is sent again once however often this is asked. Wake the topic "messages".
    """
    old = _close(connection, message_id, now, business_id)
    again = new_id()
    kept = {name: getattr(old, name) for name in _KEPT}
    connection.execute(
        sa.insert(messages).values(
            **kept,
            id=again,
            replay_of=message_id,
            status=Status.QUEUED,
            run_at=database_now(),
            created_at=now,
        )
    )
    told = [
        Decided(message_id, old.business_id, "replayed", "Somebody sent it again, as another message."),
        Decided(again, old.business_id, "replay", "It failed before, and somebody sent it again."),
    ]
    keep_decisions(connection, told, now)
    return again


def drop(connection: Connection, message_id: str, now: datetime, business_id: str | None = None) -> None:
    """Nobody needs to look after it any more. Raises NotDead."""
    old = _close(connection, message_id, now, business_id)
    keep_decisions(connection, [Decided(message_id, old.business_id, "dropped", "Somebody gave it up.")], now)


def _close(connection: Connection, message_id: str, now: datetime, business_id: str | None) -> Any:
    m = messages.c
    whose = [] if business_id is None else [m.business_id == business_id]
    closed = connection.execute(
        sa.update(messages)
        .where(m.id == message_id, IS_DEAD, *whose)
        .values(closed_at=now)
        .returning(m.business_id, *(m[name] for name in _KEPT if name != "business_id"))
    ).one_or_none()
    if closed is None:
        raise NotDead(f"{message_id} is no message that failed and waits for somebody.")
    return closed


_KEPT: Final = (
    "business_id",
    "conversation_id",
    "subscriber_id",
    "turn_id",
    "notification_id",
    "channel",
    "lane",
    "origin",
    "category",
    "content_key",
    "payload",
    "template_payload",
    "said",
    "reply_contract",
    "group_key",
    "group_rank",
    "is_test",
    "noted",
)
"""What the message that goes again has of the one that failed."""

_LETTER: Final = sa.select(
    messages.c.id,
    messages.c.business_id,
    messages.c.channel,
    messages.c.lane,
    messages.c.category,
    notifications.c.workflow,
    messages.c.provider,
    messages.c.error_code,
    messages.c.error,
    messages.c.failures,
    sa.func.coalesce(messages.c.settled_at, messages.c.created_at, type_=messages.c.settled_at.type).label("failed_at"),
).outerjoin(notifications, notifications.c.id == messages.c.notification_id)
