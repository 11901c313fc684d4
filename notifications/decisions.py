"""Keeps what was decided about a message, and why, in words that a person can read; `explain` tells them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.outgoing import Outgoing
from notifications.tables import message_decisions
from storage.insert import insert_all
from storage.types import new_id

WAITS: Final = "waits"
"""The decision that a message's turn comes later, kept once however often it is put off."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a message, and why, in words that a person can read."""

    message_id: str
    business_id: str
    decision: str
    reason: str

    @classmethod
    def of(cls, message: Outgoing | Any, decision: str, reason: str) -> Self:
        """`message` is one that was claimed, or a row with its id and business_id."""
        return cls(message.id, message.business_id, decision, reason)

    def row(self, now: datetime) -> dict[str, Any]:
        return {
            "message_id": self.message_id,
            "id": new_id(),
            "business_id": self.business_id,
            "decision": self.decision,
            "reason": self.reason,
            "decided_at": now,
        }


def keep_decisions(connection: Connection, decided: Sequence[Decided], now: datetime) -> None:
    """Keep them, in this order."""
    if decided:
        insert_all(connection, message_decisions, [each.row(now) for each in decided])


def keep_once(connection: Connection, decided: Sequence[Decided], now: datetime) -> None:
    """Keep those that were not decided about the same message before, for whatever reason."""
    if not decided:
        return
    d = message_decisions.c
    known = {
        (row.message_id, row.decision)
        for row in connection.execute(
            sa.select(d.message_id, d.decision).where(d.message_id.in_([each.message_id for each in decided]))
        )
    }
    keep_decisions(connection, [each for each in decided if (each.message_id, each.decision) not in known], now)
