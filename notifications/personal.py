"""What notifications keep of a person: told to them, or made nobody's. That they decided, and when, stays."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.outbox import text_of
from notifications.plans import personal as plans
from notifications.status import Status
from notifications.tables import IS_UNSETTLED, consents, messages, receipts

ERASED: Final = "erased"
"""The origin of a message of which nothing is left but that it was."""


def is_settled(connection: Connection, subscriber_ids: Sequence[str], talks: Sequence[str]) -> bool:
    """Whether nothing to these people, or of these talks, is still on its way."""
    on_its_way = sa.exists().where(_theirs(subscriber_ids, talks), IS_UNSETTLED)
    return not connection.scalar(sa.select(on_its_way))


def told(connection: Connection, subscriber_ids: Sequence[str], talks: Sequence[str]) -> dict[str, Any]:
    """All of it, as JSON; moments as RFC 3339."""
    m, c = messages.c, consents.c
    sent = connection.execute(
        sa.select(m.created_at, m.channel, m.origin, m.status, m.payload, m.said)
        .where(_theirs(subscriber_ids, talks))
        .order_by(m.id)
    )
    decided = connection.execute(
        sa.select(c.category, c.channel, c.granted, c.source, c.decided_at)
        .where(c.subscriber_id.in_(subscriber_ids))
        .order_by(c.id)
    )
    return {
        "sent": [
            {
                "at": row.created_at.isoformat(),
                "by": row.origin,
                "channel": row.channel,
                "status": row.status,
                "text": row.said or text_of(row.payload),
            }
            for row in sent
        ],
        "decisions": [{**row._mapping, "decided_at": row.decided_at.isoformat()} for row in decided],
        **plans.told(connection, subscriber_ids),
    }


def erase(connection: Connection, subscriber_ids: Sequence[str], talks: Sequence[str]) -> dict[str, int]:
    """Leave of each message that it was, of each decision that it was made; how many rows were concerned."""
    m = messages.c
    removed = plans.erase(connection, subscriber_ids)
    ours = sa.select(m.id).where(_theirs(subscriber_ids, talks))
    removed |= {
        "receipts": connection.execute(sa.delete(receipts).where(receipts.c.message_id.in_(ours))).rowcount,
        "messages": connection.execute(
            sa.update(messages)
            .where(_theirs(subscriber_ids, talks))
            .values(
                payload={},
                template_payload=sa.null(),
                said=None,
                reply_contract=sa.null(),
                group_key=None,
                origin=ERASED,
                provider_message_id=None,
                error=None,
                noted=True,
                status=sa.case((IS_UNSETTLED, Status.CANCELLED), else_=m.status),
            )
        ).rowcount,
    }
    connection.execute(
        sa.update(consents).where(consents.c.subscriber_id.in_(subscriber_ids)).values(inbound_message_id=None)
    )
    return {name: count for name, count in removed.items() if count}


def _theirs(subscriber_ids: Sequence[str], talks: Sequence[str]) -> sa.ColumnElement[bool]:
    """Messages of their talks, and those to them that are part of none."""
    return messages.c.conversation_id.in_(talks) | messages.c.subscriber_id.in_(subscriber_ids)
