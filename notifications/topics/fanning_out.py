"""The worker of broadcasts: sets each off for the next members, and moves its cursor in the same transaction.

So whoever dies loses a batch that nobody has seen, and the next worker does exactly that batch again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from notifications.plans import versions
from notifications.tables import broadcasts, topic_members
from notifications.topics.broadcast import trigger_for
from notifications.triggering.errors import TriggerError
from notifications.triggering.setting_off import Tools, set_off
from notifications.triggering.trigger import Recipient
from storage.clock import database_now
from storage.database import Database
from storage.types import one_of
from storage.wakeup import Wakeup
from storage.work import WorkLoop

TOPIC: Final = "broadcasts"

LEASE_SECONDS: Final = 30.0

BATCH: Final = 200
"""Members of one transaction: a tenth of a second, for which others on SQLite wait. Our choice."""

IS_RUNNING: Final = one_of("broadcasts.state", "running")
"""The condition of ix_broadcasts_due, for queries."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A broadcast that is ours to fan out until its lease ends."""

    id: str
    attempt: int


class BroadcastRunner:
    """Fans broadcasts out until stopped, one batch of each after the other."""

    def __init__(self, *, database: Database, wakeup: Wakeup, tools: Tools) -> None:
        self._database = database
        self._wakeup = wakeup
        self._tools = tools
        self._loop = WorkLoop(
            topic=TOPIC,
            database=database,
            wakeup=wakeup,
            concurrency=1,
            claim=claim,
            due=seconds_until_due,
            run=self._fan_out,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the batch under way."""
        await self._loop.run()

    def stop(self) -> None:
        """Take no new batch."""
        self._loop.stop()

    async def _fan_out(self, claimed: Claimed) -> None:
        await self._database.write(fan_out, claimed, self._tools)
        for topic in ("messages", "plans"):
            self._wakeup.signal(topic)


def claim(connection: Connection, limit: int, lease_seconds: float = LEASE_SECONDS) -> Sequence[Claimed]:
    """Take broadcasts that have members left and that nobody is at, the longest waiting first."""
    b = broadcasts.c
    due = (
        sa.select(b.id)
        .where(IS_RUNNING, b.next_at <= database_now(), _is_free())
        .order_by(b.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.scalars(due))
    if not ids:
        return []
    taken = connection.execute(
        sa.update(broadcasts)
        .where(b.id.in_(ids))
        .values(attempt=b.attempt + 1, lease_until=database_now(lease_seconds))
        .returning(b.id, b.attempt)
    )
    return [Claimed(**row._asdict()) for row in taken]


def seconds_until_due(connection: Connection) -> float | None:
    """How long until a broadcast may go on; None where none is running."""
    b = broadcasts.c
    soonest = sa.select(sa.func.min(b.next_at, type_=b.next_at.type)).where(IS_RUNNING, _is_free()).scalar_subquery()
    next_at, now = connection.execute(sa.select(soonest, database_now())).one()
    return None if next_at is None else max(0.0, (next_at - now).total_seconds())


def forget_leases(connection: Connection) -> None:
    """End every lease. Only for a process that is alone on its database."""
    connection.execute(sa.update(broadcasts).where(IS_RUNNING).values(lease_until=None))


def fan_out(connection: Connection, claimed: Claimed, tools: Tools, batch: int = BATCH) -> int:
    """Set a broadcast off for the next members; how many. Nothing, where it is no longer ours or was cancelled."""
    b = broadcasts.c
    ours = (b.id == claimed.id, b.attempt == claimed.attempt, b.state == "running")
    row = connection.execute(sa.select(broadcasts).where(*ours).with_for_update()).one_or_none()
    if row is None:
        return 0
    now: datetime = connection.scalar(sa.select(database_now()))
    people = _next_members(connection, row, batch)
    reached = _set_off(connection, row, people, tools)
    values: dict[str, Any] = {"lease_until": None, "next_at": now, "reached": b.reached + reached}
    if people:
        values["after_id"] = people[-1]
    if len(people) < batch:
        values |= {"state": "done", "next_at": None, "finished_at": now}
    connection.execute(sa.update(broadcasts).where(b.id == row.id).values(values))
    return reached


def _next_members(connection: Connection, row: Any, batch: int) -> list[str]:
    t = topic_members.c
    some = sa.select(t.subscriber_id).where(t.topic_id == row.topic_id).order_by(t.subscriber_id).limit(batch)
    return list(connection.scalars(some if row.after_id is None else some.where(t.subscriber_id > row.after_id)))


def _set_off(connection: Connection, row: Any, people: Sequence[str], tools: Tools) -> int:
    workflow = versions.kept(connection, row.version_id)
    # The version that was pinned, whatever the files say by now.
    pinned = replace(tools, workflows=lambda slug: {workflow.key: workflow})
    triggers = [trigger_for(row._mapping, Recipient(subscriber_id=person)) for person in people]
    outcomes = set_off(connection, triggers, pinned) if triggers else []
    failed = [each for each in outcomes if isinstance(each, TriggerError)]
    if failed:
        fields = sorted({problem.field for each in failed for problem in each.problems})
        log.warning("broadcast.not_for_everybody", broadcast_id=row.id, members=len(failed), fields=fields)
    return len(outcomes) - len(failed)


def _is_free() -> sa.ColumnElement[bool]:
    b = broadcasts.c
    return b.lease_until.is_(None) | (b.lease_until < database_now())
