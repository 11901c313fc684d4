"""What is said while a human has a talk: who writes is waited for, and the app counts as a human too."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.handoffs.holding import (
    ANSWER_WITHIN_SECONDS,
    SILENCE_SECONDS,
    bring_human,
    change,
    held,
    lock,
)
from conversations.tables import HANDOFF_IS_OPEN, handoffs
from storage.clock import database_now

APP_COUNTS_FOR: Final = timedelta(minutes=10)
"""How old the news may be that somebody wrote from the app: what comes late pauses nothing any more. Our choice."""


def heard(connection: Connection, conversation_id: str, now: datetime) -> None:
    """The person wrote while a human has the talk, which is locked: they are waited for, also where all seemed done."""
    h = handoffs.c
    connection.execute(
        sa.update(handoffs)
        .where(h.conversation_id == conversation_id, HANDOFF_IS_OPEN, h.state != "waiting")
        .values(
            state="human",
            unanswered_since=sa.func.coalesce(h.unanswered_since, now),
            returns_at=sa.case((h.unanswered_since.is_(None), database_now(ANSWER_WITHIN_SECONDS)), else_=h.returns_at),
        )
    )


def answered(connection: Connection, handoff_id: str) -> None:
    """The human said something: nobody waits, and the talk stays theirs for a while."""
    connection.execute(
        sa.update(handoffs)
        .where(handoffs.c.id == handoff_id)
        .values(state="human", unanswered_since=None, returns_at=database_now(SILENCE_SECONDS))
    )


def spoke_from_app(connection: Connection, conversation_id: str, at: datetime, now: datetime) -> None:
    """Somebody of the business wrote from the WhatsApp Business app: the bot must not talk between the two."""
    if now - at > APP_COUNTS_FOR:
        return
    talk = lock(connection, conversation_id)
    found = held(connection, conversation_id)
    if found is None or found.state == "waiting":
        found = bring_human(connection, talk, found, "app", None, now)
    answered(connection, found.id)
    if found.state == "closing":
        change(connection, found, {"state": "human"})
