"""The rows that an arrived message makes, written for one message or for many with the same statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import InboundMessage
from conversations import turn_input
from conversations.people import Conversation
from conversations.tables import inbound_messages, turns
from conversations.turn_input import TurnInput
from storage.clock import database_now
from storage.insert import insert_new_rows
from storage.tables import conversations
from storage.types import UtcDateTime, new_id


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message, and the conversation it belongs to."""

    item: InboundMessage
    conversation: Conversation


def insert_inbound(connection: Connection, arrived: Sequence[Arrived], now: datetime) -> list[str | None]:
    """Keep messages; the id of each in turn, None for one that was kept before."""
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "business_id": each.conversation.business_id,
            "conversation_id": each.conversation.id,
            "phone_number_id": each.item.phone_number_id,
            "wamid": each.item.wamid,
            "kind": str(each.item.raw.get("type", "unknown"))[:32],
            "raw": each.item.raw,
            "sent_at": each.item.sent_at,
            "received_at": now,
        }
        for each in arrived
    ]
    new = insert_new_rows(connection, inbound_messages, rows, inbound_messages.c.id)
    return [row["id"] if row["id"] in new else None for row in rows]


def insert_turns(connection: Connection, wanted: Sequence[tuple[Arrived, str, TurnInput]], now: datetime) -> None:
    """A waiting turn for each (message, its id, what is to be answered)."""
    rows = [
        {
            "id": new_id(),
            "business_id": arrived.conversation.business_id,
            "conversation_id": arrived.conversation.id,
            "inbound_message_id": inbound_id,
            "input": turn_input.to_json(answered),
            "status": "waiting",
            "sent_at": arrived.item.sent_at,
            "received_at": now,
        }
        for arrived, inbound_id, answered in wanted
    ]
    connection.execute(_INSERT_TURN, rows)


def touch(connection: Connection, newest: Sequence[tuple[str, datetime]], *, has_turn: bool) -> None:
    """Refresh the customer service window of each (conversation, moment of its message) and, with a turn, ask for a
    worker.

    This comes after the turn's insert: whoever settles the conversation meanwhile either sees the turn or is
    waited for here.
    """
    statement = _TOUCH_WITH_TURN if has_turn else _TOUCH
    # In one order everywhere: two that touch the same conversations never wait for each other.
    connection.execute(statement, [{"talk": talk, "sent_at": sent_at} for talk, sent_at in sorted(newest)])


_INSERT_TURN = sa.insert(turns)


def _touched(*, has_turn: bool) -> sa.Update:
    c, sent_at = conversations.c, sa.bindparam("sent_at", type_=UtcDateTime())
    newest = sa.case((c.last_inbound_at.is_(None) | (c.last_inbound_at < sent_at), sent_at), else_=c.last_inbound_at)
    wanted = {"next_turn_at": sa.func.coalesce(c.next_turn_at, database_now())} if has_turn else {}
    return sa.update(conversations).where(c.id == sa.bindparam("talk")).values(last_inbound_at=newest, **wanted)


_TOUCH, _TOUCH_WITH_TURN = _touched(has_turn=False), _touched(has_turn=True)
