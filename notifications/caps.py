"""Caps: how much is pushed to one person, counted in SQL at the claim. A promise, so it holds over all workers.

Who counts holds the lock of the person's row until the claim is committed; so two workers cannot both take the last
one. Nobody waits for a lock: what belongs to a person whom another worker counts is left for the next claim.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.due import Due
from notifications.lanes import Lane
from notifications.tables import IS_PUSHED, messages, notifications, workflow_versions
from storage.among import among
from storage.clock import database_now
from storage.tables import subscribers

PER_HOUR: Final = 100
"""Messages pushed to one person within an hour; what is critical goes nonetheless. Our choice."""

HOUR: Final = timedelta(hours=1)

PER_GROUP: Final = 4
"""Notifications of one group, such as a delivery, to one person, where the workflow says nothing else. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooMuch:
    """A message that its person's caps hold back."""

    reason: str
    until: datetime | None
    """When it may go, by the database's clock; None where it never may."""


class Caps:
    """What was pushed to the people of a batch; made and asked under their locks."""

    def __init__(self, connection: Connection, rows: Sequence[Due], now: datetime) -> None:
        """`rows` are the messages about to be claimed."""
        counted = [row for row in rows if _is_counted(row)]
        grouped = [row for row in counted if row.group_key is not None]
        self._now = now
        self._locked = _lock(connection, {_person(row) for row in counted})
        self._pushed = _pushed_within_an_hour(connection, self._locked)
        self._held: Counter[str] = Counter()
        self._gone = _gone_of_groups(connection, grouped)
        self._most = _most_of_groups(connection, grouped)

    def is_free(self, row: Due) -> bool:
        """Whether it can be counted now; else another worker is counting for its person."""
        return not _is_counted(row) or row.subscriber_id in self._locked

    def take(self, row: Due) -> TooMuch | None:
        """Count a message that is to go, unless it is too much."""
        if not _is_counted(row):
            return None
        person = _person(row)
        gone = self._gone[person, row.group_key] if row.group_key is not None else set()
        most = self._most.get(row.notification_id or "", PER_GROUP)
        # The parts of one notification, such as a text and a card, count as one.
        if len(gone - {_counted_as(row)}) >= most:
            return TooMuch(reason=f"The person had {most} notifications about this already.", until=None)
        pushed = self._pushed[person]
        if len(pushed) >= PER_HOUR and row.lane != Lane.CRITICAL:
            return self._too_many(person)
        gone.add(_counted_as(row))
        pushed.append(self._now)
        return None

    def _too_many(self, subscriber_id: str) -> TooMuch:
        """The first that is held back goes when the oldest leaves the hour, the next when the next one does."""
        pushed = self._pushed[subscriber_id]
        leaves = len(pushed) - PER_HOUR + self._held[subscriber_id]
        self._held[subscriber_id] += 1
        until = (pushed[leaves] if leaves < len(pushed) else self._now) + HOUR
        words = f"The person got {PER_HOUR} messages within an hour; this one waits until {until:%H:%M} UTC."
        return TooMuch(reason=words, until=until)


def _is_counted(row: Due) -> bool:
    """Pushes are, once: a retry was counted when it first went."""
    return row.origin == "push" and row.subscriber_id is not None and row.claimed_at is None


def _person(row: Due) -> str:
    """Of a message that is counted, which has one."""
    return str(row.subscriber_id)


def _counted_as(row: Any) -> str:
    return str(row.notification_id or row.id)


def _lock(connection: Connection, people: Collection[str]) -> frozenset[str]:
    """Those whom nobody else counts for now. A lock that lets others add rows that name the person."""
    if not people:
        return frozenset()
    return frozenset(connection.scalars(_LOCK, {"people": list(people)}))


_LOCK: Final = (
    sa.select(subscribers.c.id)
    .where(among(subscribers.c.id, "people"))
    .order_by(subscribers.c.id)
    .with_for_update(key_share=True, skip_locked=True)
)
_PUSHED: Final = (
    sa.select(messages.c.subscriber_id, messages.c.claimed_at)
    .where(
        IS_PUSHED,
        among(messages.c.subscriber_id, "people"),
        messages.c.claimed_at > database_now(-HOUR.total_seconds()),
    )
    .order_by(messages.c.claimed_at)
)


def _pushed_within_an_hour(connection: Connection, people: Collection[str]) -> defaultdict[str, list[datetime]]:
    """When each of them was pushed something, the oldest first."""
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    if people:
        for row in connection.execute(_PUSHED, {"people": list(people)}):
            found[row.subscriber_id].append(row.claimed_at)
    return found


def _gone_of_groups(connection: Connection, rows: Sequence[Due]) -> defaultdict[tuple[str, str], set[str]]:
    """Which notifications of a group have gone to each of these people."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    if rows:
        m = messages.c
        gone = connection.execute(
            sa.select(m.subscriber_id, m.group_key, m.notification_id, m.id).where(
                m.business_id.in_({row.business_id for row in rows}),
                m.group_key.in_({row.group_key for row in rows}),
                m.group_key.is_not(None),
                m.subscriber_id.in_({row.subscriber_id for row in rows}),
                m.claimed_at.is_not(None),
                IS_PUSHED,
            )
        )
        for row in gone:
            found[row.subscriber_id, row.group_key].add(_counted_as(row))
    return found


def _most_of_groups(connection: Connection, rows: Sequence[Due]) -> dict[str, int]:
    """What their workflows say, by notification, where they say something."""
    ids = {row.notification_id for row in rows if row.notification_id is not None}
    if not ids:
        return {}
    cap = workflow_versions.c.definition["cap"].as_integer()
    found = connection.execute(
        sa.select(notifications.c.id, cap.label("cap"))
        .join(workflow_versions, workflow_versions.c.id == notifications.c.version_id)
        .where(notifications.c.id.in_(ids), cap.is_not(None))
    )
    return {row.id: row.cap for row in found}
