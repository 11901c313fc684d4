"""Takes due messages for sending; the gate is asked again in the same transaction, and its no ends them here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications import gate, retry
from notifications.consent import is_opted_out
from notifications.explain import keep_decision
from notifications.status import Status
from notifications.tables import IS_IN_FLIGHT, IS_QUEUED, messages
from storage.clock import database_now
from storage.tables import addresses, conversations

LEASE_SECONDS = 30.0
"""How long a send may take: longer than the channel's time limit (10 s) and its settling."""

_before = messages.alias("before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that is ours to send until its lease ends."""

    id: str
    business_id: str
    phone_number_id: str
    recipient: str
    payload: dict[str, Any]
    attempt: int
    failures: int


def claim(connection: Connection, limit: int, now: datetime, lease_seconds: float = LEASE_SECONDS) -> list[Outgoing]:
    """Take up to `limit` messages that may go now."""
    rows = connection.execute(_due().limit(limit)).all()
    allowed = [row for row in rows if not _refused(connection, row, now)]
    if not allowed:
        return []
    connection.execute(
        sa.update(messages)
        .where(messages.c.id.in_([row.id for row in allowed]))
        .values(
            status=Status.SENDING,
            attempt=messages.c.attempt + 1,
            lease_until=database_now(lease_seconds),
        )
    )
    return [
        Outgoing(
            id=row.id,
            business_id=row.business_id,
            phone_number_id=row.phone_number_id,
            recipient=row.recipient,
            payload=row.payload,
            attempt=row.attempt + 1,
            failures=row.failures,
        )
        for row in allowed
    ]


def forget_leases(connection: Connection) -> None:
    """End every lease: what was being sent is unknown now. Only for a process that is alone on its database."""
    connection.execute(
        sa.update(messages)
        .where(IS_IN_FLIGHT, messages.c.status == Status.SENDING)
        .values(lease_until=database_now(-1))
    )


def tend_leases(connection: Connection, now: datetime) -> None:
    """A send whose worker died was most likely on the wire: unknown. After a wait it may go once more."""
    m = messages.c
    lost = connection.execute(
        sa.update(messages)
        .where(IS_IN_FLIGHT, m.status == Status.SENDING, m.lease_until < database_now())
        .values(status=Status.UNKNOWN, lease_until=database_now(retry.UNKNOWN_SECONDS))
        .returning(m.id, m.business_id)
    ).all()
    for row in lost:
        keep_decision(connection, row.id, row.business_id, Status.UNKNOWN, "The worker stopped while sending it.", now)
    waited = connection.execute(
        sa.select(m.id, m.business_id, m.category, m.resends)
        .where(IS_IN_FLIGHT, m.status == Status.UNKNOWN, m.lease_until < database_now())
        .with_for_update(skip_locked=True)
    ).all()
    for row in waited:
        again = retry.may_resend(row.category, row.resends)
        connection.execute(
            sa.update(messages)
            .where(m.id == row.id)
            .values(
                {
                    "status": Status.QUEUED,
                    "run_at": database_now(),
                    "resends": m.resends + 1,
                    "lease_until": None,
                }
                if again
                else {"lease_until": None}
            )
        )
        reason = (
            "No receipt came within a minute; it goes once more with the same id."
            if again
            else "No receipt came; it is not sent again, so that nobody gets it twice."
        )
        keep_decision(connection, row.id, row.business_id, "resend" if again else "given_up", reason, now)


def seconds_until_due(connection: Connection) -> float | None:
    """How long until a message is due or a lease ends; None when there is neither."""
    m = messages.c
    queued = sa.select(sa.func.min(m.run_at, type_=m.run_at.type)).where(IS_QUEUED, ~_is_held_back())
    leased = sa.select(sa.func.min(m.lease_until, type_=m.lease_until.type)).where(IS_IN_FLIGHT)
    *soonest, now = connection.execute(
        sa.select(queued.scalar_subquery(), leased.scalar_subquery(), database_now())
    ).one()
    moments = [moment for moment in soonest if moment is not None]
    return max(0.0, (min(moments) - now).total_seconds()) if moments else None


def _due() -> sa.Select[Any]:
    """Due rows, oldest first, each after the one it names; locked, and skipping what others hold."""
    m = messages.c
    recipient = (
        sa.select(addresses.c.value)
        .where(addresses.c.subscriber_id == conversations.c.subscriber_id, addresses.c.kind == "whatsapp")
        .order_by(addresses.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            m.id,
            m.business_id,
            m.payload,
            m.category,
            m.expires_at,
            m.attempt,
            m.failures,
            conversations.c.phone_number_id,
            conversations.c.subscriber_id,
            conversations.c.last_inbound_at,
            recipient.label("recipient"),
        )
        .join(conversations, conversations.c.id == m.conversation_id)
        .where(IS_QUEUED, m.run_at <= database_now(), ~_is_held_back())
        .order_by(m.run_at, m.id)
        .with_for_update(skip_locked=True, of=messages)
    )


def _is_held_back() -> sa.ColumnElement[bool]:
    """The message before it in its conversation is still on its way, or unknown for less than a minute."""
    b = _before.c
    return sa.exists().where(
        b.id == messages.c.after_id,
        b.status.in_((Status.QUEUED, Status.SENDING))
        | ((b.status == Status.UNKNOWN) & (b.lease_until > database_now())),
    )


def _refused(connection: Connection, row: Row[Any], now: datetime) -> bool:
    facts = gate.Facts(
        category=row.category,
        is_template=row.payload.get("type") == "template",
        recipient=row.recipient,
        last_inbound_at=row.last_inbound_at,
        expires_at=row.expires_at,
        # Consent is about marketing; news of one's own deliveries needs none.
        is_opted_out=row.category == "marketing" and is_opted_out(connection, row.subscriber_id, row.category),
    )
    refusal = gate.refusal(facts, now)
    if refusal is None:
        return False
    connection.execute(
        sa.update(messages)
        .where(messages.c.id == row.id)
        .values(status=refusal.status, settled_at=now, error=refusal.reason)
    )
    keep_decision(connection, row.id, row.business_id, refusal.status, refusal.reason, now)
    return True
