"""Edited and deleted messages: one that waits for its answer is answered as it reads now, or not at all.

One that was answered stays answered: a corrected typo is no new question.
"""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import EditReceived, InboundMessage, RevokeReceived
from conversations import turn_input
from conversations.people import Conversation
from conversations.tables import inbound_messages, turns
from conversations.turn_input import File, Words


def heed(connection: Connection, item: InboundMessage, conversation: Conversation) -> None:
    """Change or withdraw the turn of the message that this one is about, while it waits."""
    match item.content:
        case EditReceived(original_message_id=wamid, content=content):
            wanted = turn_input.decide(content)
            if isinstance(wanted, Words | File):
                wanted = replace(wanted, is_edited=True)
            if wanted is not None:
                _change_waiting(connection, item, conversation, wamid, {"input": turn_input.to_json(wanted)})
        case RevokeReceived(original_message_id=wamid):
            withdrawn = {"status": "withdrawn", "finished_at": item.sent_at}
            _change_waiting(connection, item, conversation, wamid, withdrawn)
        case _:
            pass


def _change_waiting(
    connection: Connection, item: InboundMessage, conversation: Conversation, wamid: str, values: dict[str, Any]
) -> None:
    m = inbound_messages.c
    # Their own message: nobody edits what somebody else wrote.
    original = sa.select(m.id).where(
        m.phone_number_id == item.phone_number_id, m.wamid == wamid, m.conversation_id == conversation.id
    )
    connection.execute(
        sa.update(turns)
        .where(turns.c.inbound_message_id == original.scalar_subquery(), turns.c.status == "waiting")
        .values(values)
    )
