"""Who of the desk looks at a talk at this moment, and who types in it: said every few seconds, forgotten soon after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.team_tables import talk_watchers
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import conversations

SEEN_SECONDS: Final = 12.0
"""How long somebody counts as looking after their page said so; it does every four seconds. Our choice."""

TYPED_SECONDS: Final = 8.0
"""How long somebody counts as typing after a key. Our choice."""

FORGOTTEN_SECONDS: Final = 3600.0
"""When a row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Somebody else at the same talk."""

    member_id: str
    is_typing: bool


def watch(connection: Connection, conversation_id: str, member_id: str, *, is_typing: bool) -> Sequence[Watcher]:
    """This member looks at the talk, and types in it or not; who else does."""
    w = talk_watchers.c
    mine = (w.conversation_id == conversation_id) & (w.member_id == member_id)
    values = {"seen_at": database_now(), "typed_at": database_now() if is_typing else sa.null()}
    changed = connection.execute(sa.update(talk_watchers).where(mine).values(values)).rowcount
    if not changed:
        _begin(connection, conversation_id, member_id)
        connection.execute(sa.update(talk_watchers).where(mine).values(values))
    return others(connection, conversation_id, member_id)


def others(connection: Connection, conversation_id: str, member_id: str) -> Sequence[Watcher]:
    """Who else looks at it now."""
    w = talk_watchers.c
    is_typing = w.typed_at.is_not(None) & (w.typed_at > database_now(-TYPED_SECONDS))
    rows = connection.execute(
        sa.select(w.member_id, is_typing.label("is_typing"))
        .where(w.conversation_id == conversation_id, w.member_id != member_id, w.seen_at > database_now(-SEEN_SECONDS))
        .order_by(w.member_id)
    )
    return [Watcher(member_id=row.member_id, is_typing=bool(row.is_typing)) for row in rows]


def _begin(connection: Connection, conversation_id: str, member_id: str) -> None:
    """A first row, and away with those of yesterday: nobody else clears them."""
    w, now = talk_watchers.c, connection.scalar(sa.select(database_now()))
    connection.execute(sa.delete(talk_watchers).where(w.seen_at < database_now(-FORGOTTEN_SECONDS)))
    business_id = connection.scalar(sa.select(conversations.c.business_id).where(conversations.c.id == conversation_id))
    row = {"conversation_id": conversation_id, "member_id": member_id, "business_id": business_id, "seen_at": now}
    insert_new(connection, talk_watchers, row, w.member_id)
