"""Takes due messages for sending, lane by lane; the gate and the caps are asked in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.rates import per_second
from notifications import breaker
from notifications.admission import Admitted, admit
from notifications.breaker import Scope
from notifications.due import Due, due, due_at_the_ends, due_of_lane, next_of_lanes, waiting
from notifications.lanes import Lane, Slots
from notifications.outgoing import Outgoing
from notifications.status import Status
from notifications.tables import messages
from storage.among import among
from storage.clock import database_now
from storage.tables import conversations

LEASE_SECONDS = 30.0
"""How long a send may take: longer than the channel's time limit (10 s), twice, and its settling."""


LOOK_SECONDS: Final = 0.05
"""How often a lane is looked at of which some wait for their slots: finding out when the next one is due costs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """What is not to be taken now, though it is due."""

    numbers: Collection[str] = ()
    """Numbers that are sending as fast as they may: only what has its slot already."""
    bulk_numbers: Collection[str] = ()
    """The same, for bulk alone."""
    channels: Collection[str] = ()
    """Channels whose providers are away."""
    bulk: bool = False
    """Bulk holds all the slots that it may."""

    def holds_back(self, lane: Lane) -> bool:
        """Whether much of a lane may be due and not to be taken."""
        return bool(self.numbers or self.channels or (self.bulk_numbers and lane is Lane.BULK))

    def for_lane(self, lane: Lane) -> dict[str, Any]:
        """What the statements of `due` want to know of it."""
        numbers = [*self.numbers, *(self.bulk_numbers if lane is Lane.BULK else ())]
        return {"numbers": numbers, "channels": list(self.channels)}


OPEN: Final = Shut()


def claim(
    connection: Connection,
    limit: int,
    now: datetime,
    lease_seconds: float = LEASE_SECONDS,
    shut: Shut = OPEN,
    slots: Slots | None = None,
) -> list[Outgoing]:
    """Take up to `limit` messages that may go now: the lanes in their order, each its share; none of a stopped number.

    What the gate ends makes no room in the same claim: the next one follows at once.
    """
    slots = slots or Slots(limit)
    waited, any_stopped = _waiting(connection)
    slots.waiting(waited)
    taken: list[Outgoing] = []

    def take(lane: Lane, most: int) -> int:
        """How many were due, of as many as were asked for."""
        if most <= 0:
            return 0
        wanted = due_at_the_ends() if any_stopped or shut.holds_back(lane) else due_of_lane()
        rows = _read(connection, wanted, lane=lane, most=most, **shut.for_lane(lane))
        of_lane = _take(connection, rows, now, lease_seconds)
        slots.took(lane, len(of_lane))
        taken.extend(of_lane)
        return len(rows)

    cut_short: list[Lane] = []
    for lane in waited:
        free = limit - len(taken)
        most = slots.limit(lane, free)
        if take(lane, most) == most < free and lane is not Lane.BULK:
            cut_short.append(lane)
    for lane in cut_short:
        # What was left to lanes that then had nothing to take.
        take(lane, limit - len(taken))
    return taken


def claim_probes(connection: Connection, now: datetime, lease_seconds: float = LEASE_SECONDS) -> list[Outgoing]:
    """Take one message of each stopped number whose turn to try it is."""
    probes: list[Outgoing] = []
    for phone_number_id, scope in breaker.due_for_a_probe(connection):
        of_it = [conversations.c.phone_number_id == phone_number_id]
        if scope is Scope.MARKETING:
            of_it += [messages.c.category == Scope.MARKETING, ~breaker.is_stopped(Scope.EVERYTHING)]
        # Those that the gate ends make room for the next.
        while rows := _read(connection, due().where(*of_it).limit(1)):
            if taken := _take(connection, rows, now, lease_seconds, is_probe=True):
                breaker.probing(connection, phone_number_id, scope)
                probes += taken
                break
    return probes


def claim_one(
    connection: Connection, channel: str, now: datetime, lease_seconds: float = LEASE_SECONDS
) -> list[Outgoing]:
    """Take one message of a channel whose providers were away, to try them."""
    where = [messages.c.channel == channel, ~breaker.is_stopped()]
    return _take(connection, _read(connection, due().where(*where).limit(1)), now, lease_seconds)


def seconds_until_due(connection: Connection, shut: Shut = OPEN) -> float | None:
    """How long until a message is due or a lease ends; None when there is neither.

    What is stopped or `shut` is left out: whoever waits looks again soon enough for it.
    """
    held_back = [lane for lane in Lane if shut.holds_back(lane)]
    asked = tuple(lane for lane in Lane if lane not in held_back and not (shut.bulk and lane is Lane.BULK))
    *moments, now = connection.execute(next_of_lanes(asked)).one()
    known = [moment for moment in moments if moment is not None]
    if held_back:
        known.append(now + timedelta(seconds=LOOK_SECONDS))
    return max(0.0, (min(known) - now).total_seconds()) if known else None


def _waiting(connection: Connection) -> tuple[dict[Lane, float], bool]:
    """How long the oldest due message of each lane has waited, in seconds, where there is one; is a number stopped?"""
    *oldest, any_stopped, now = connection.execute(waiting()).one()
    waited = {
        lane: (now - run_at).total_seconds()
        for lane, run_at in zip(Lane, oldest, strict=True)
        if run_at is not None and run_at <= now
    }
    return waited, any_stopped


def _read(connection: Connection, statement: sa.Select[Any], **parameters: Any) -> list[Due]:
    return [Due._make(row) for row in connection.execute(statement, parameters)]


def _take(
    connection: Connection, rows: Sequence[Due], now: datetime, lease_seconds: float, *, is_probe: bool = False
) -> list[Outgoing]:
    if not rows:
        return []
    admitted = admit(connection, rows, now)
    alike: dict[tuple[str | None, str | None], list[str]] = {}
    for each in admitted:
        alike.setdefault((each.form, each.form_reason), []).append(each.row.id)
    for (form, reason), ids in alike.items():
        connection.execute(_TAKE, {"ids": ids, "form": form, "reason": reason, "lease": lease_seconds})
    return [_outgoing(each, is_probe=is_probe) for each in admitted]


def _outgoing(admitted: Admitted, *, is_probe: bool) -> Outgoing:
    row = admitted.row
    return Outgoing(
        id=row.id,
        business_id=row.business_id,
        channel=row.channel,
        lane=row.lane,
        category=row.category,
        recipient=row.recipient,
        payload=admitted.payload,
        conversation_id=row.conversation_id,
        subscriber_id=row.subscriber_id,
        notification_id=row.notification_id,
        provider=row.provider,
        is_test=row.is_test,
        due_at=row.run_at,
        attempt=row.attempt + 1,
        failures=row.failures,
        error_code=row.error_code,
        has_slot=row.slot_at is not None,
        is_first=row.claimed_at is None,
        is_probe=is_probe,
        phone_number_id=row.phone_number_id or "",
        bsuid=row.bsuid,
        per_second=per_second(row.throughput, row.is_on_app),
        cost=admitted.cost,
    )


_TAKE: Final = (
    sa.update(messages)
    .where(among(messages.c.id, "ids"))
    .values(
        status=Status.SENDING,
        attempt=messages.c.attempt + 1,
        lease_until=database_now(sa.bindparam("lease", type_=sa.Float)),
        slot_at=None,
        sent_form=sa.bindparam("form"),
        form_reason=sa.func.coalesce(messages.c.form_reason, sa.bindparam("reason")),
        claimed_at=sa.func.coalesce(messages.c.claimed_at, database_now(), type_=messages.c.claimed_at.type),
    )
)
