"""What an agent says to a person: the same road as everything else that leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from conversations.handoffs.errors import WindowClosed
from conversations.handoffs.holding import lock, may_write, of
from conversations.handoffs.talking import answered
from conversations.ports import Outbox


def say(
    connection: Connection,
    outbox: Outbox,
    conversation_id: str,
    agent_id: str,
    payloads: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    said: str | None = None,
    category: str = "transactional",
) -> list[str]:
    """Queue WhatsApp payloads in an agent's name; their ids. Wake "messages" after the commit.

    `said` is how a template reads, and `category` what the person's consent is asked for.

    Raises NobodyThere, NotYours, TakenByAnother, and WindowClosed where one of them is no template.
    """
    talk = lock(connection, conversation_id)
    found = of(connection, talk, agent_id)
    is_free = any(payload.get("type") != "template" for payload in payloads)
    if is_free and not may_write(connection, talk, now):
        raise WindowClosed("The person has not written for 24 hours, or a guest's link has ended.")
    queued = outbox.queue(
        connection,
        business_id=talk.business_id,
        conversation_id=talk.id,
        turn_id=None,
        origin="agent",
        content_key=None,
        payloads=payloads,
        now=now,
        author_id=agent_id,
        said=said,
        category=category,
    )
    answered(connection, found.id)
    return queued
