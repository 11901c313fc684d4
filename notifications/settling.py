"""Writes what became of sends, a batch at a time: each message's new status, and what that changes for others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.failures import Remedy
from notifications import breaker, recipients, remedies, retry
from notifications.aftermath import HAS_ENDPOINTS, spread
from notifications.decisions import WAITS, Decided, keep_decisions, keep_once
from notifications.outgoing import Outgoing
from notifications.prices.pricing import COST_COLUMNS, estimate_columns
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.rates import Answer, Slot
from notifications.remedies import Failure
from notifications.status import Status, below
from notifications.tables import IS_QUEUED, messages
from storage.among import among
from storage.clock import database_now
from storage.given import ROWS, given, rows_of
from storage.types import Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A claimed message, and what came of it."""

    message: Outgoing
    outcome: Outcome | Slot
    """A slot where the rates let it go later."""
    jitter: float = 0.5
    """In [0, 1): spreads the next tries."""


def settle(connection: Connection, ended: Sequence[Ended], now: datetime) -> bool:
    """Write what became of a batch, unless a receipt or another worker already knows better.

    Even then the provider's id is kept: a send that was settled late still happened, and its receipts carry it.
    Returns whether another message waits for one of these.
    """
    put_off = [(each.message, each.outcome) for each in ended if isinstance(each.outcome, Slot)]
    sent = [(each.message, each.outcome, each.jitter) for each in ended if not isinstance(each.outcome, Slot)]
    _put_off(connection, put_off, now)
    if not sent:
        return False
    settled = {message.id: _settled(message, outcome, jitter) for message, outcome, jitter in sent}
    ours = _write(connection, settled.values(), now)
    told: list[Decided] = []
    for message, outcome, _ in sent:
        _follow(connection, message, outcome, now, is_ours=message.id in ours)
        if isinstance(outcome, Accepted):
            told += [Decided.of(message, "changed", note) for note in outcome.notes]
        elif message.id in ours:
            told.append(Decided.of(message, settled[message.id].status, outcome.reason))
    keep_decisions(connection, told, now)
    over = [message_id for message_id in ours if settled[message_id].status in (Status.FAILED, Status.SKIPPED)]
    has_followers, has_endpoints = _look_around(connection, ours)
    changed = [each for each in ours if settled[each].status is not Status.QUEUED]
    spread(connection, changed, now, ended=over, has_endpoints=has_endpoints)
    return has_followers


class Settled(NamedTuple):
    """Where a message stands after a send; seconds are counted by the database's clock. A row of the statement."""

    id: str
    attempt: int
    status: Status
    failures: int
    provider: str | None = None
    provider_message_id: str | None = None
    error: str | None = None
    error_code: int | None = None
    run_in: float | None = None
    """Before it may go again, where it is queued."""
    slot_in: float | None = None
    """When its slot is, where it has one."""
    unknown_for: float | None = None
    """How long a receipt is waited for, where its fate is unknown."""
    price_category: str | None = None
    cost_currency: str | None = None
    estimated_cost: int | None = None
    price_book: str | None = None
    """What it costs, where it was taken (see `prices.pricing`)."""


_COLUMNS: Final = (
    sa.column("id", Id),
    sa.column("attempt", sa.Integer),
    sa.column("status", sa.String(16)),
    sa.column("failures", sa.Integer),
    sa.column("provider", sa.String(32)),
    sa.column("provider_message_id", sa.Text),
    sa.column("error", sa.Text),
    sa.column("error_code", sa.Integer),
    sa.column("run_in", sa.Float),
    sa.column("slot_in", sa.Float),
    sa.column("unknown_for", sa.Float),
    sa.column("price_category", sa.String(32)),
    sa.column("cost_currency", sa.String(3)),
    sa.column("estimated_cost", sa.BigInteger),
    sa.column("price_book", sa.String(16)),
)


def _write(connection: Connection, settled: Collection[Settled], now: datetime) -> set[str]:
    """Those that were still ours to settle."""
    rows = rows_of(connection, _COLUMNS, settled)
    return set(connection.scalars(_update(connection.dialect.name), {ROWS: rows, "now": now}))


@cache
def _update(dialect_name: str) -> sa.Update:
    m, g = messages.c, given(dialect_name, *_COLUMNS)
    is_over = g.c.run_in.is_(None)
    return (
        sa.update(messages)
        .where(m.id == g.c.id, m.status == Status.SENDING, m.attempt == g.c.attempt)
        .values(
            status=g.c.status,
            failures=g.c.failures,
            provider=sa.func.coalesce(g.c.provider, m.provider),
            provider_message_id=sa.func.coalesce(g.c.provider_message_id, m.provider_message_id),
            error=g.c.error,
            error_code=g.c.error_code,
            run_at=sa.func.coalesce(database_now(g.c.run_in), m.run_at),
            slot_at=database_now(g.c.slot_in),
            lease_until=database_now(g.c.unknown_for),
            settled_at=sa.case((is_over, sa.bindparam("now", type_=m.settled_at.type)), else_=m.settled_at),
            **{name: sa.func.coalesce(g.c[name], m[name]) for name in COST_COLUMNS},
        )
        .returning(m.id)
    )


def _settled(message: Outgoing, outcome: Outcome, jitter: float) -> Settled:
    known: dict[str, Any] = {"id": message.id, "attempt": message.attempt, "provider": outcome.provider}
    match outcome:
        case Accepted():
            known |= estimate_columns(message.cost)
            accepted = outcome.provider_message_id
            return Settled(**known, status=Status.SENT, failures=message.failures, provider_message_id=accepted)
        case Uncertain():
            return Settled(
                **known,
                status=Status.UNKNOWN,
                failures=message.failures,
                error=outcome.reason,
                unknown_for=retry.UNKNOWN_SECONDS,
            )
        case Failed():
            following = retry.after(
                outcome.remedy,
                failures=message.failures,
                attempt=message.attempt,
                lane=message.lane,
                jitter=jitter,
                retry_after_seconds=outcome.retry_after_seconds,
            )
            run_in = following.pause_seconds if following.status is Status.QUEUED else None
            # Holding the person has given it the first slot after the hold.
            slot_in = run_in if outcome.remedy is Remedy.SLOW_PERSON else None
            return Settled(
                **known,
                status=following.status,
                failures=following.failures,
                error=outcome.reason,
                error_code=outcome.code,
                run_in=run_in,
                slot_in=slot_in,
            )


def _follow(connection: Connection, message: Outgoing, outcome: Outcome, now: datetime, *, is_ours: bool) -> None:
    """What the outcome says of the number or the person is true, whoever settles the message."""
    match outcome:
        case Accepted():
            if not is_ours:
                _keep_late_id(connection, message, outcome)
            recipients.learn(connection, message, outcome)
            if message.is_probe:
                breaker.passed(connection, message.phone_number_id, message.category)
        case Failed():
            remedies.apply(connection, _failure(message, outcome), now)


def _keep_late_id(connection: Connection, message: Outgoing, accepted: Accepted) -> None:
    """The worker outlived its lease, and the send happened: from now on it is known, and goes no second time."""
    late = sa.update(messages).where(messages.c.id == message.id, messages.c.provider_message_id.is_(None))
    costs = estimate_columns(message.cost)
    connection.execute(late.values(provider_message_id=accepted.provider_message_id, **costs))
    connection.execute(
        sa.update(messages)
        .where(messages.c.id == message.id, messages.c.status.in_(below(Status.SENT)))
        .values(status=Status.SENT, lease_until=None, error=None)
    )


_PUT_OFF_COLUMNS: Final = (
    sa.column("id", Id),
    sa.column("attempt", sa.Integer),
    sa.column("run_in", sa.Float),
    sa.column("slot_in", sa.Float),
    # It went to no provider, so that no cap counts it.
    sa.column("is_first", sa.Boolean),
)


@cache
def _put_off_update(dialect_name: str) -> sa.Update:
    m, g = messages.c, given(dialect_name, *_PUT_OFF_COLUMNS)
    return (
        sa.update(messages)
        .where(m.id == g.c.id, m.status == Status.SENDING, m.attempt == g.c.attempt)
        .values(
            status=Status.QUEUED,
            lease_until=None,
            run_at=database_now(g.c.run_in),
            slot_at=database_now(g.c.slot_in),
            claimed_at=sa.case((g.c.is_first, None), else_=m.claimed_at),
        )
        .returning(m.id)
    )


def _put_off(connection: Connection, put_off: Sequence[tuple[Outgoing, Slot]], now: datetime) -> None:
    """The rates let them go later: they wait in the queue, untried, behind nothing and with nothing counted."""
    if not put_off:
        return
    rows = rows_of(
        connection,
        _PUT_OFF_COLUMNS,
        ((message.id, message.attempt, slot.seconds, slot.slot_seconds, message.is_first) for message, slot in put_off),
    )
    ours = set(connection.scalars(_put_off_update(connection.dialect.name), {ROWS: rows}))
    told = [Decided.of(message, WAITS, _why(slot)) for message, slot in put_off if message.id in ours]
    keep_once(connection, told, now)


def _why(slot: Slot) -> str:
    if slot.answer is Answer.PERSON_FULL:
        return "This person was written to often; the next message to them waits its turn."
    return "The number sends as fast as it may; this message waits its turn."


def values_of(following: retry.Next, now: datetime) -> dict[str, Any]:
    """The columns of a message whose failure a receipt reports: it waits for its next try, or it is over."""
    when: dict[str, Any] = {"settled_at": now}
    if following.status is Status.QUEUED:
        when = {"run_at": database_now(following.pause_seconds), "slot_at": None}
    return {"status": following.status, "failures": following.failures, **when}


def _failure(message: Outgoing, failed: Failed) -> Failure:
    return Failure(
        business_id=message.business_id,
        channel=message.channel,
        provider=failed.provider,
        phone_number_id=message.phone_number_id,
        conversation_id=message.conversation_id,
        subscriber_id=message.subscriber_id,
        payload=message.payload,
        code=failed.code,
        reason=failed.reason,
        remedy=failed.remedy,
    )


def _look_around(connection: Connection, ids: Collection[str]) -> tuple[bool, bool]:
    """Whether a message waits for one of these, and whether a business wants to be told."""
    has_followers, has_endpoints = connection.execute(_AROUND, {"ids": ids}).one()
    return has_followers, has_endpoints


_AROUND: Final = sa.select(sa.exists().where(among(messages.c.after_id, "ids"), IS_QUEUED), HAS_ENDPOINTS)
