"""A worker takes a conversation, not a turn: leased, fenced by attempt, its turns in the person's order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import turn_input
from conversations.merge import join
from conversations.tables import HANDOFF_IS_OPEN, TURN_IS_OPEN, handoffs, inbound_messages, turns
from conversations.turn_input import TurnInput
from storage.clock import database_now
from storage.tables import businesses, conversations, subscribers
from storage.types import UtcDateTime

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
    quoted: str | None = field(default=None, repr=False)
    """The wamid of the message that it answers: quoted, or the one whose button was tapped."""


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
    answered_by: str
    """bot, human."""
    handoff_id: str | None
    """The talk waits for a human, or has one."""
    context: dict[str, Any]
    """What the bot may know of the business: becomes its slots."""
    turn: WaitingTurn
    stale: tuple[WaitingTurn, ...] = ()
    """Turns too old to be answered, `turn` among them; empty in ordinary times."""


def claim(
    connection: Connection, owner: str, limit: int, now: datetime, lease_seconds: float = LEASE_SECONDS
) -> list[Claimed]:
    """Take up to `limit` conversations whose turns are due and that nobody holds."""
    rows = _going_on(connection, _lease(connection, owner, limit, lease_seconds))
    if not rows:
        return []
    queues = _open_turns(connection, [row.id for row in rows])
    claimed = [_claimed(row, queues[row.id], now) for row in rows if row.id in queues]
    if claimed:
        connection.execute(_BEGIN, {"turn_ids": [each.turn.id for each in claimed], "now": now})
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
    ours = {"claimed_id": claimed.conversation_id, "claimed_attempt": claimed.attempt}
    return connection.scalar(_STILL_OURS, ours) is not None


def holds(connection: Connection, claimed: Claimed) -> bool:
    """Lock the conversation in the middle of a turn, and keep its lease; False when another worker took it."""
    ours = sa.select(_c.id).where(_c.id == claimed.conversation_id, _c.attempt == claimed.attempt).with_for_update()
    return connection.scalar(ours) is not None


def release(connection: Connection, conversation_ids: Sequence[str], retry_in_seconds: float = 0.0) -> bool:
    """Give conversations back; they come again (after the delay) while a turn waits in them: whether one does.

    Call it after the turns were settled, in the same transaction.
    """
    given = {"conversation_ids": list(conversation_ids), "retry_in_seconds": retry_in_seconds}
    return any(moment is not None for moment in connection.scalars(_RELEASE, given))


def call_waiting(connection: Connection) -> None:
    """End every pause: whoever waits for another try is due now."""
    connection.execute(_CALL)


def seconds_until_due(connection: Connection) -> float | None:
    """How long until the next free conversation is due; None when none waits."""
    row = connection.execute(_NEXT_DUE).one()
    return None if row[0] is None else max(0.0, (row[0] - row[1]).total_seconds())


def _lease(connection: Connection, owner: str, limit: int, lease_seconds: float) -> Sequence[Any]:
    ids = list(connection.scalars(_TAKE, {"owner": owner, "most": limit, "lease_seconds": lease_seconds}))
    return connection.execute(_TAKEN, {"conversation_ids": ids}).all() if ids else []


def _going_on(connection: Connection, rows: Sequence[Any]) -> list[Any]:
    """Those that did not end: what arrived in one while it was joined to another follows to where the talk goes on."""
    for row in rows:
        if row.merged_into is not None:
            join(connection, goes_on=row.merged_into, ends=row.id)
    return [row for row in rows if row.merged_into is None]


def _open_turns(connection: Connection, conversation_ids: list[str]) -> dict[str, list[WaitingTurn]]:
    """Each conversation's open turns: one left running first, then in the person's order."""
    queues: dict[str, list[WaitingTurn]] = {}
    for row in connection.execute(_OPEN_TURNS, {"conversation_ids": conversation_ids}):
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
        answered_by=row.answered_by,
        handoff_id=row.handoff_id,
        context={
            "business_name": row.name,
            "default_language": row.default_language,
            "support_number": row.support_number,
            "currency": row.currency,
        },
        turn=first,
        stale=() if fresh else tuple(each for each in queue if now - each.sent_at > STALE_AFTER),
    )


# The statements of every turn, made once: building one anew costs more than running it.

_t, _c = turns.c, conversations.c

_DUE = (
    sa.select(_c.id)
    .where(_c.next_turn_at <= database_now(), _c.lease_until.is_(None) | (_c.lease_until < database_now()))
    .order_by(_c.next_turn_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)

_TAKE = (
    sa.update(conversations)
    .where(_c.id.in_(sa.select(_DUE.c.id)))
    .values(
        lease_until=database_now(sa.bindparam("lease_seconds", type_=sa.Float)),
        lease_owner=sa.bindparam("owner"),
        attempt=_c.attempt + 1,
    )
    .returning(_c.id)
)

_TAKEN = (
    sa.select(
        _c.id,
        _c.business_id,
        _c.subscriber_id,
        _c.phone_number_id,
        _c.attempt,
        _c.moment_said_at,
        _c.merged_into,
        _c.answered_by,
        sa.select(handoffs.c.id)
        .where(handoffs.c.conversation_id == _c.id, HANDOFF_IS_OPEN)
        .order_by(handoffs.c.id)
        .limit(1)
        .scalar_subquery()
        .label("handoff_id"),
        subscribers.c.locale,
        businesses.c.name,
        businesses.c.default_language,
        businesses.c.support_number,
        businesses.c.currency,
    )
    .join(businesses, businesses.c.id == _c.business_id)
    .join(subscribers, subscribers.c.id == _c.subscriber_id)
    .where(_c.id.in_(sa.bindparam("conversation_ids", expanding=True)))
)

_OPEN_TURNS = (
    sa.select(
        _t.conversation_id,
        _t.id,
        _t.status,
        _t.failures,
        _t.started_at,
        _t.input,
        _t.sent_at,
        _t.received_at,
        inbound_messages.c.wamid,
        inbound_messages.c.raw[("context", "id")].as_string().label("quoted"),
    )
    .join(inbound_messages, inbound_messages.c.id == _t.inbound_message_id)
    .where(_t.conversation_id.in_(sa.bindparam("conversation_ids", expanding=True)), TURN_IS_OPEN)
    .order_by(sa.case((_t.status == "running", 0), else_=1), _t.sent_at, _t.id)
)

_BEGIN = (
    sa.update(turns)
    .where(_t.id.in_(sa.bindparam("turn_ids", expanding=True)))
    .values(
        status="running",
        started_at=sa.func.coalesce(_t.started_at, sa.bindparam("now", type_=UtcDateTime())),
        # A turn found running was left by a worker that died with it.
        failures=sa.case((_t.status == "running", _t.failures + 1), else_=_t.failures),
    )
)

_STILL_OURS = (
    sa.update(conversations)
    .where(_c.id == sa.bindparam("claimed_id"), _c.attempt == sa.bindparam("claimed_attempt"))
    .values(lease_until=None, lease_owner=None)
    .returning(_c.id)
)

_RELEASE = (
    sa.update(conversations)
    .where(_c.id.in_(sa.bindparam("conversation_ids", expanding=True)))
    .values(
        lease_until=None,
        lease_owner=None,
        next_turn_at=sa.case(
            (
                sa.exists().where(_t.conversation_id == _c.id, TURN_IS_OPEN),
                database_now(sa.bindparam("retry_in_seconds", type_=sa.Float)),
            ),
            else_=None,
        ),
    )
    .returning(_c.next_turn_at)
)

_PAUSING = (
    sa.select(_c.id)
    .where(_c.next_turn_at > database_now(), _c.lease_until.is_(None))
    .with_for_update(skip_locked=True)
    .cte("pausing")
)

_CALL = sa.update(conversations).where(_c.id.in_(sa.select(_PAUSING.c.id))).values(next_turn_at=database_now())

_NEXT_DUE = sa.select(
    sa.func.min(
        sa.case((_c.lease_until.is_(None) | (_c.lease_until < _c.next_turn_at), _c.next_turn_at), else_=_c.lease_until),
        type_=_c.next_turn_at.type,
    ),
    database_now(),
).where(_c.next_turn_at.is_not(None))
