"""Takes due messages for sending; the gate is asked again in the same transaction, and its no ends them here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from channels.whatsapp.rates import per_second
from notifications import breaker, retry
from notifications.admission import admit
from notifications.breaker import Scope
from notifications.explain import keep_decision
from notifications.status import Status
from notifications.tables import IS_IN_FLIGHT, IS_QUEUED, messages, number_health
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
    conversation_id: str
    subscriber_id: str
    phone_number_id: str
    wa_id: str | None = field(repr=False)
    bsuid: str | None = field(repr=False)
    category: str
    payload: Mapping[str, Any] = field(repr=False)
    attempt: int
    failures: int
    error_code: int | None
    """WhatsApp's code of the failure before, if there was one."""
    per_second: int
    """What its number may send at its best."""
    has_slot: bool
    """The rates gave it this moment: it goes without asking them again."""
    is_probe: bool
    """Its number is stopped, and this one tries whether messages pass again."""

    @property
    def recipient(self) -> str:
        """The number, else the business-scoped user id of somebody who hides theirs."""
        return self.wa_id or self.bsuid or ""


def claim(
    connection: Connection,
    limit: int,
    now: datetime,
    lease_seconds: float = LEASE_SECONDS,
    resting: Collection[str] = (),
) -> list[Outgoing]:
    """Take up to `limit` messages that may go now.

    None of a stopped number, and of those `resting` only what has its slot already.
    """
    if not limit:
        return []
    rows = connection.execute(_due().where(~breaker.is_stopped(), *_awake(resting)).limit(limit)).all()
    return _take(connection, rows, now, lease_seconds)


def claim_probes(connection: Connection, now: datetime, lease_seconds: float = LEASE_SECONDS) -> list[Outgoing]:
    """Take one message of each stopped number whose turn to try it is."""
    probes: list[Outgoing] = []
    for phone_number_id, scope in breaker.due_for_a_probe(connection):
        of_it = [conversations.c.phone_number_id == phone_number_id]
        if scope is Scope.MARKETING:
            of_it += [messages.c.category == Scope.MARKETING, ~breaker.is_stopped(Scope.EVERYTHING)]
        # Those that the gate ends make room for the next.
        while rows := connection.execute(_due().where(*of_it).limit(1)).all():
            if taken := _take(connection, rows, now, lease_seconds, is_probe=True):
                breaker.probing(connection, phone_number_id, scope)
                probes += taken
                break
    return probes


def _take(
    connection: Connection,
    rows: Sequence[Row[Any]],
    now: datetime,
    lease_seconds: float,
    *,
    is_probe: bool = False,
) -> list[Outgoing]:
    allowed = [(row, payload) for row in rows if (payload := admit(connection, row, now)) is not None]
    if not allowed:
        return []
    connection.execute(
        sa.update(messages)
        .where(messages.c.id.in_([row.id for row, _ in allowed]))
        .values(
            status=Status.SENDING,
            attempt=messages.c.attempt + 1,
            lease_until=database_now(lease_seconds),
            slot_at=None,
        )
    )
    return [
        Outgoing(
            id=row.id,
            business_id=row.business_id,
            conversation_id=row.conversation_id,
            subscriber_id=row.subscriber_id,
            phone_number_id=row.phone_number_id,
            wa_id=row.wa_id,
            bsuid=row.bsuid,
            category=row.category,
            payload=payload,
            attempt=row.attempt + 1,
            failures=row.failures,
            error_code=row.error_code,
            per_second=per_second(row.throughput, row.is_on_app),
            has_slot=row.slot_at is not None,
            is_probe=is_probe,
        )
        for row, payload in allowed
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


def seconds_until_due(connection: Connection, resting: Collection[str] = ()) -> float | None:
    """How long until a message is due or a lease ends; None when there is neither.

    Stopped numbers and those `resting` are left out: whoever waits looks again soon enough for them.
    """
    m = messages.c
    queued = (
        sa.select(m.run_at)
        .join(conversations, conversations.c.id == m.conversation_id)
        .where(IS_QUEUED, ~_is_held_back(), ~breaker.is_stopped(), *_awake(resting))
        .order_by(m.run_at, m.id)
        .limit(1)
    )
    leased = sa.select(sa.func.min(m.lease_until, type_=m.lease_until.type)).where(IS_IN_FLIGHT)
    *soonest, now = connection.execute(
        sa.select(queued.scalar_subquery(), leased.scalar_subquery(), database_now())
    ).one()
    moments = [moment for moment in soonest if moment is not None]
    return max(0.0, (min(moments) - now).total_seconds()) if moments else None


def _awake(resting: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """None of these numbers, but for what has its slot already."""
    return (
        [conversations.c.phone_number_id.not_in(sorted(resting)) | messages.c.slot_at.is_not(None)] if resting else []
    )


def _due() -> sa.Select[Any]:
    """Due rows, oldest first, each after the one it names; locked, and skipping what others hold."""
    m = messages.c
    return (
        sa.select(
            m.id,
            m.business_id,
            m.conversation_id,
            m.payload,
            m.category,
            m.expires_at,
            m.slot_at,
            m.attempt,
            m.failures,
            m.error_code,
            conversations.c.phone_number_id,
            conversations.c.subscriber_id,
            conversations.c.last_inbound_at,
            number_health.c.throughput,
            number_health.c.is_on_app,
            _newest_address("whatsapp").label("wa_id"),
            _newest_address("bsuid").label("bsuid"),
        )
        .join(conversations, conversations.c.id == m.conversation_id)
        .outerjoin(number_health, number_health.c.phone_number_id == conversations.c.phone_number_id)
        .where(IS_QUEUED, m.run_at <= database_now(), ~_is_held_back())
        .order_by(m.run_at, m.id)
        .with_for_update(skip_locked=True, of=messages)
    )


def _newest_address(kind: str) -> sa.ScalarSelect[Any]:
    return (
        sa.select(addresses.c.value)
        .where(addresses.c.subscriber_id == conversations.c.subscriber_id, addresses.c.kind == kind)
        .order_by(addresses.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _is_held_back() -> sa.ColumnElement[bool]:
    """The message before it in its conversation is still on its way, or unknown for less than a minute."""
    b = _before.c
    return sa.exists().where(
        b.id == messages.c.after_id,
        b.status.in_((Status.QUEUED, Status.SENDING))
        | ((b.status == Status.UNKNOWN) & (b.lease_until > database_now())),
    )
