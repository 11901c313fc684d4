"""Decides whether an answer quotes the message it answers: only where a reader could take it for another's answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.claim import Claimed
from conversations.tables import TURN_IS_OPEN, turns
from conversations.turn_input import File, Voice, Words


def quoting(connection: Connection, claimed: Claimed, payloads: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The answer's messages, the first of which shows above it what is answered, where that helps.

    Call it before the turn is ended, in the same transaction.
    """
    if not payloads or not _helps(connection, claimed):
        return list(payloads)
    first, *others = payloads
    return [{**first, "context": {"message_id": claimed.turn.wamid}}, *others]


def _helps(connection: Connection, claimed: Claimed) -> bool:
    match claimed.turn.input:
        case Voice() | Words(is_edited=True) | File(is_edited=True):
            return True
        case _:
            mine = {"talk": claimed.conversation_id, "mine": claimed.turn.id}
            return connection.scalar(_ANOTHER_WAITS, mine) is not None


_ANOTHER_WAITS = (
    sa.select(turns.c.id)
    .where(turns.c.conversation_id == sa.bindparam("talk"), TURN_IS_OPEN, turns.c.id != sa.bindparam("mine"))
    .limit(1)
)
