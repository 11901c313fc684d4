"""A worker takes a conversation, not a turn: leased, fenced by attempt, its turns in the person's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import turn_input
from conversations.tables import TURN_IS_OPEN, inbound_messages, turns
from conversations.turn_input import TurnInput
from storage.clock import database_now
from storage.tables import businesses, conversations, subscribers

LEASE_SECONDS = 30.0
"""How long a conversation stays a worker's without renewal: longer than a turn (20 s) and its settling."""

STALE_AFTER = timedelta(minutes=10)
"""A message that waited longer is summed up, not answered: after an outage nobody wants an old answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTurn:
    """One turn of a claimed conversation."""

    id: str
    status: str
    failures: int
    started_at: datetime | None
    """When it was first claimed; None for one that nobody has tried yet."""
    input: TurnInput
    wamid: str
    sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A conversation that is ours until its lease ends, with the turn to run now."""

    conversation_id: str
    business_id: str
    subscriber_id: str
    phone_number_id: str
    attempt: int
    moment_said_at: datetime | None
    locale: str
    context: dict[str, Any]
    """What the bot may know of the business: becomes its slots."""
    turn: WaitingTurn
    stale: tuple[WaitingTurn, ...] = ()
    """Turns too old to be answered, `turn` among them; empty in ordinary times."""


def claim(
    connection: Connection, owner: str, limit: int, now: datetime, lease_seconds: float = LEASE_SECONDS
) -> list[Claimed]:
    """Take up to `limit` conversations whose turns are due and that nobody holds."""
    rows = _lease(connection, owner, limit, lease_seconds)
    if not rows:
        return []
    queues = _open_turns(connection, [row.id for row in rows])
    claimed = [_claimed(row, queues[row.id], now) for row in rows if row.id in queues]
    if claimed:
        connection.execute(
            sa.update(turns)
            .where(turns.c.id.in_([each.turn.id for each in claimed]))
            .values(
                status="running",
                started_at=sa.func.coalesce(turns.c.started_at, now),
                # A turn found running was left by a worker that died with it.
                failures=sa.case((turns.c.status == "running", turns.c.failures + 1), else_=turns.c.failures),
            )
        )
    idle = [row.id for row in rows if row.id not in queues]
    if idle:
        release(connection, idle)
    return claimed


def renew(connection: Connection, owner: str, lease_seconds: float = LEASE_SECONDS) -> None:
    """Prolong every lease this worker still holds."""
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.lease_owner == owner, conversations.c.lease_until > database_now())
        .values(lease_until=database_now(lease_seconds))
    )


def forget_leases(connection: Connection) -> None:
    """Give every conversation back at once. Only for a process that knows it is the only one on this database."""
    connection.execute(
        sa.update(conversations)
        .where(conversations.c.lease_until.is_not(None))
        .values(lease_until=None, lease_owner=None)
    )


def still_ours(connection: Connection, claimed: Claimed) -> bool:
    """Lock the conversation for settling; False when another worker took it meanwhile: drop the result."""
    return (
        connection.scalar(
            sa.update(conversations)
            .where(conversations.c.id == claimed.conversation_id, conversations.c.attempt == claimed.attempt)
            .values(lease_until=None, lease_owner=None)
            .returning(conversations.c.id)
        )
        is not None
    )


def release(connection: Connection, conversation_ids: Sequence[str], retry_in_seconds: float = 0.0) -> bool:
    """Give conversations back; they come again (after the delay) while a turn waits in them: whether one does.

    Call it after the turns were settled, in the same transaction.
    """
    c = conversations.c
    waiting = sa.exists().where(turns.c.conversation_id == c.id, TURN_IS_OPEN)
    next_turns = connection.execute(
        sa.update(conversations)
        .where(c.id.in_(conversation_ids))
        .values(
            lease_until=None,
            lease_owner=None,
            next_turn_at=sa.case((waiting, database_now(retry_in_seconds)), else_=None),
        )
        .returning(c.next_turn_at)
    ).scalars()
    return any(moment is not None for moment in next_turns)


def seconds_until_due(connection: Connection) -> float | None:
    """How long until the next free conversation is due; None when none waits."""
    c = conversations.c
    wanted = sa.case((c.lease_until.is_(None) | (c.lease_until < c.next_turn_at), c.next_turn_at), else_=c.lease_until)
    row = connection.execute(
        sa.select(sa.func.min(wanted, type_=c.next_turn_at.type), database_now()).where(c.next_turn_at.is_not(None))
    ).one()
    return None if row[0] is None else max(0.0, (row[0] - row[1]).total_seconds())


def _lease(connection: Connection, owner: str, limit: int, lease_seconds: float) -> Sequence[Any]:
    c = conversations.c
    due = (
        sa.select(c.id)
        .where(c.next_turn_at <= database_now(), c.lease_until.is_(None) | (c.lease_until < database_now()))
        .order_by(c.next_turn_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = connection.execute(
        sa.update(conversations)
        .where(c.id.in_(sa.select(due.c.id)))
        .values(lease_until=database_now(lease_seconds), lease_owner=owner, attempt=c.attempt + 1)
        .returning(c.id)
    ).scalars()
    ids = list(taken)
    if not ids:
        return []
    return connection.execute(
        sa.select(
            c.id,
            c.business_id,
            c.subscriber_id,
            c.phone_number_id,
            c.attempt,
            c.moment_said_at,
            subscribers.c.locale,
            businesses.c.name,
            businesses.c.default_language,
            businesses.c.support_number,
            businesses.c.currency,
        )
        .join(businesses, businesses.c.id == c.business_id)
        .join(subscribers, subscribers.c.id == c.subscriber_id)
        .where(c.id.in_(ids))
    ).all()


def _open_turns(connection: Connection, conversation_ids: list[str]) -> dict[str, list[WaitingTurn]]:
    """Each conversation's open turns: one left running first, then in the person's order."""
    t = turns.c
    rows = connection.execute(
        sa.select(
            t.conversation_id,
            t.id,
            t.status,
            t.failures,
            t.started_at,
            t.input,
            t.sent_at,
            t.received_at,
            inbound_messages.c.wamid,
        )
        .join(inbound_messages, inbound_messages.c.id == t.inbound_message_id)
        .where(t.conversation_id.in_(conversation_ids), TURN_IS_OPEN)
        .order_by(sa.case((t.status == "running", 0), else_=1), t.sent_at, t.id)
    )
    queues: dict[str, list[WaitingTurn]] = {}
    for row in rows:
        found = row._asdict()
        conversation_id = found.pop("conversation_id")
        found["input"] = turn_input.from_json(found["input"])
        # A turn found running was left by a worker that died with it: that counts, here and in the row.
        found["failures"] += row.status == "running"
        queues.setdefault(conversation_id, []).append(WaitingTurn(**found))
    return queues


def _claimed(row: Any, queue: list[WaitingTurn], now: datetime) -> Claimed:
    first = queue[0]
    # A turn that was begun is finished: its effects may exist already.
    fresh = first.status == "running" or first.failures > 0 or now - first.sent_at <= STALE_AFTER
    return Claimed(
        conversation_id=row.id,
        business_id=row.business_id,
        subscriber_id=row.subscriber_id,
        phone_number_id=row.phone_number_id,
        attempt=row.attempt,
        moment_said_at=row.moment_said_at,
        locale=row.locale or row.default_language,
        context={
            "business_name": row.name,
            "default_language": row.default_language,
            "support_number": row.support_number,
            "currency": row.currency,
        },
        turn=first,
        stale=() if fresh else tuple(each for each in queue if now - each.sent_at > STALE_AFTER),
    )
