"""Where the rest of the house triggers notifications: one, many, as a rehearsal, or inside its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.cancelling import Cancelled, cancel_by_key
from notifications.plans.moving import Move, Moved, move
from notifications.plans.people import business_of
from notifications.plans.plan import State
from notifications.tables import messages, notification_decisions
from notifications.triggering.errors import TriggerError
from notifications.triggering.setting_off import Outcome, Tools, set_off
from notifications.triggering.trigger import Trigger, Triggered
from storage.clock import database_now
from storage.database import Database
from storage.grouping import Grouped
from storage.wakeup import Wakeup

MOST_AT_ONCE: Final = 500
"""Triggers of one transaction: a few tenths of a second, for which others on SQLite wait. Our choice."""

TOPICS: Final = ("messages", "plans")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a trigger would do now; nothing of it was kept, and nothing will be sent."""

    triggered: Triggered
    messages: tuple[dict[str, Any], ...] = field(repr=False)
    """channel, category, lane, payload, template_payload, said, expires_at of each that would be queued at once."""
    decisions: tuple[dict[str, str], ...]
    """decision and reason, in order."""


class TriggerDesk:
    """Takes triggers."""

    def __init__(self, database: Database, wakeup: Wakeup, tools: Tools) -> None:
        self._database = database
        self._wakeup = wakeup
        self.tools = tools
        self._one_by_one = Grouped(self.notify_many, limit=MOST_AT_ONCE)

    async def notify(self, trigger: Trigger) -> Triggered:
        """Set it off; what is asked for meanwhile shares the next commit. Raises TriggerError, with nothing done."""
        outcome = await self._one_by_one.do(trigger)
        if isinstance(outcome, TriggerError):
            raise outcome
        return outcome

    async def notify_many(self, triggers: Sequence[Trigger]) -> list[Outcome]:
        """Set them off, each or none: where one cannot be, its error is in its place."""
        outcomes: list[Outcome] = []
        for some in batched(triggers, MOST_AT_ONCE):
            made = await self._database.write(self.within, some)
            self._wake_for(made)
            outcomes += made
        return outcomes

    def within(self, connection: Connection, triggers: Sequence[Trigger]) -> list[Outcome]:
        """The same inside somebody's transaction, at most `MOST_AT_ONCE`; call `wake` after its commit."""
        return set_off(connection, triggers, self.tools)

    async def cancel(self, business_id: str, key: str, *, subscriber_id: str | None = None) -> Cancelled:
        """Take back everything that was triggered with this key and has not left."""
        return await self._database.write(self.cancel_within, business_id, key, subscriber_id)

    def cancel_within(
        self,
        connection: Connection,
        business_id: str,
        key: str,
        subscriber_id: str | None = None,
        is_test: bool | None = None,
    ) -> Cancelled:
        """The same inside somebody's transaction; tests alone, or none of them, where `is_test` says so."""
        now: datetime = connection.scalar(sa.select(database_now()))
        return cancel_by_key(connection, business_id, key, now, subscriber_id=subscriber_id, is_test=is_test)

    def move_within(self, connection: Connection, business_id: str, wish: Move) -> list[Moved]:
        """Move what hangs on an anchor, inside somebody's transaction; call `wake` after its commit."""
        now: datetime = connection.scalar(sa.select(database_now()))
        timezone = business_of(connection, business_id).facts.timezone
        return move(connection, business_id, timezone, wish, now)

    def wake(self) -> None:
        """Let the workers know that there is something to do."""
        for topic in TOPICS:
            self._wakeup.signal(topic)

    def _wake_for(self, outcomes: Sequence[Outcome]) -> None:
        """Most are one message and done: the walkers of plans have nothing to look for."""
        triggered = [each for each in outcomes if isinstance(each, Triggered)]
        if any(each.message_ids for each in triggered):
            self._wakeup.signal("messages")
        if any(each.state is not State.DONE for each in triggered):
            self._wakeup.signal("plans")

    async def rehearse(self, trigger: Trigger) -> Rehearsal:
        """What would be decided and said, by the same code. Raises TriggerError."""
        try:
            await self._database.write(self._rehearse, trigger)
        except _Undone as undone:
            return undone.rehearsal
        raise AssertionError("a rehearsal undoes what it did")

    def _rehearse(self, connection: Connection, trigger: Trigger) -> None:
        [outcome] = self.within(connection, [trigger])
        if isinstance(outcome, TriggerError):
            raise outcome
        raise _Undone(_rehearsal(connection, outcome))


class _Undone(Exception):
    """Carries a rehearsal out of the transaction that it undoes."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        super().__init__()
        self.rehearsal = rehearsal


_SHOWN: Final = ("channel", "category", "lane", "payload", "template_payload", "said", "expires_at")


def _rehearsal(connection: Connection, triggered: Triggered) -> Rehearsal:
    m, d = messages.c, notification_decisions.c
    queued = connection.execute(
        sa.select(*(m[name] for name in _SHOWN)).where(m.notification_id == triggered.notification_id).order_by(m.id)
    )
    decided = connection.execute(
        sa.select(d.decision, d.reason).where(d.notification_id == triggered.notification_id).order_by(d.id)
    )
    return Rehearsal(
        triggered=triggered,
        messages=tuple(dict(row._mapping) for row in queued),
        decisions=tuple({"decision": row.decision, "reason": row.reason} for row in decided),
    )
