"""What will leave and when: plans that wait for a moment ahead, and messages that were put off.

Plans are counted in an index that knows the day, the workflow and the category of each, so that a day of a million is
as cheap as one of ten thousand: nobody counts further than that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.lanes import Lane
from notifications.tables import (
    IS_QUEUED,
    NOTIFICATION_IS_ACTIVE,
    NOTIFICATION_RESTS,
    messages,
    notifications,
    workflow_versions,
)
from storage.tables import subscribers

COUNTED: Final = 5_000
"""Plans of one day, and messages of one lane, that a calendar counts; more are told as so many and more."""

type Span = tuple[datetime, datetime]
"""From when, and until before when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of one business, all that leaves, or of one workflow or category alone."""

    business_id: str
    workflow: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How much leaves in a span of time."""

    by_workflow: Mapping[str | None, int]
    """The most frequent first; None stands for messages of no workflow."""
    resting: int
    """Of these: held by quiet hours."""
    is_more: bool
    """There is more than was counted."""

    @property
    def all(self) -> int:
        """How much, as far as it was counted."""
        return sum(self.by_workflow.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page of a list begins: behind this moment and id."""

    at: datetime
    id: str


def counts(connection: Connection, wanted: Wanted, spans: Sequence[Span], most: int = COUNTED) -> list[Count]:
    """How much leaves in each of these spans, which follow each other."""
    if not spans:
        return []
    put_off, is_more = _put_off(connection, wanted, (spans[0][0], spans[-1][1]), most)
    return [_count(connection, wanted, span, put_off, most, is_more=is_more) for span in spans]


def first(connection: Connection, wanted: Wanted, since: datetime) -> datetime | None:
    """When the next plan goes on from then; None where there is none. Looks no further than `COUNTED` of them."""
    n = notifications.c
    near = _near(wanted, since, None, NOTIFICATION_IS_ACTIVE, COUNTED)
    return connection.scalar(sa.select(sa.func.min(near.c.next_at, type_=n.next_at.type)).where(*_of(near.c, wanted)))


def workflows(connection: Connection, business_id: str) -> list[str]:
    """Those that ever set something off there, by their keys."""
    v = workflow_versions.c
    return list(connection.scalars(sa.select(v.key).where(v.business_id == business_id).distinct().order_by(v.key)))


def plans(connection: Connection, wanted: Wanted, span: Span, after: Place | None, most: int) -> Sequence[Row[Any]]:
    """Plans that go on then, the first one first, with the name of whom they are for."""
    n = notifications.c
    shown: sa.Select[Any] = sa.select(notifications, subscribers.c.name).join(
        subscribers, subscribers.c.id == n.subscriber_id
    )
    where = [NOTIFICATION_IS_ACTIVE, n.business_id == wanted.business_id, *_of(n, wanted), *_within(n.next_at, span)]
    if after is not None:
        where += _behind(n.next_at, n.id, after)
    return connection.execute(shown.where(*where).order_by(n.next_at, n.id).limit(most)).all()


def put_off(connection: Connection, wanted: Wanted, span: Span, after: Place | None, most: int) -> Sequence[Row[Any]]:
    """Messages that leave then, the first one first, with workflow and name."""
    m, found = messages.c, list[Row[Any]]()
    shown: sa.Select[Any] = (
        sa.select(*_MESSAGE, notifications.c.workflow, subscribers.c.name)
        .outerjoin(notifications, notifications.c.id == m.notification_id)
        .outerjoin(subscribers, subscribers.c.id == m.subscriber_id)
    )
    for lane in Lane:
        where = [IS_QUEUED, m.lane == lane, m.business_id == wanted.business_id, *_within(m.run_at, span)]
        if after is not None:
            where += _behind(m.run_at, m.id, after)
        here = shown.where(*where, *_message_of(wanted)).order_by(m.run_at, m.id).limit(most)
        found += connection.execute(here).all()
    return sorted(found, key=lambda row: (row.run_at, row.id))[:most]


def plan_ids(connection: Connection, wanted: Wanted, span: Span, made_before: str, most: int) -> list[str]:
    """The first plans that go on then and were there before an id was made."""
    n = notifications.c
    where = (NOTIFICATION_IS_ACTIVE, n.business_id == wanted.business_id, *_of(n, wanted), *_within(n.next_at, span))
    asked = sa.select(n.id).where(*where, n.id < made_before).order_by(n.next_at, n.id).limit(most)
    return list(connection.scalars(asked))


def message_ids(connection: Connection, wanted: Wanted, span: Span, made_before: str, most: int) -> list[str]:
    """The first messages that leave then and were there before an id was made."""
    m, found = messages.c, list[str]()
    for lane in Lane:
        asked = (
            sa.select(m.id)
            .outerjoin(notifications, notifications.c.id == m.notification_id)
            .where(IS_QUEUED, m.lane == lane, m.business_id == wanted.business_id, *_within(m.run_at, span))
            .where(*_message_of(wanted), m.id < made_before)
            .order_by(m.run_at, m.id)
            .limit(most - len(found))
        )
        found += connection.scalars(asked)
    return found


_MESSAGE: Final = tuple(
    messages.c[name]
    for name in (
        "id", "business_id", "subscriber_id", "channel", "category", "is_test", "run_at", "heeds_quiet", "error_code",
    )
)  # fmt: skip


def _count(
    connection: Connection, wanted: Wanted, span: Span, put_off: Sequence[Row[Any]], most: int, *, is_more: bool
) -> Count:
    near = _near(wanted, *span, NOTIFICATION_IS_ACTIVE, most + 1)
    asked = sa.select(near.c.workflow, near.c.category, sa.func.count()).group_by(near.c.workflow, near.c.category)
    found: Counter[str | None] = Counter()
    read = 0
    for workflow, category, number in connection.execute(asked):
        read += number
        if wanted.workflow in (None, workflow) and wanted.category in (None, category):
            found[workflow] += number
    ours = [row for row in put_off if span[0] <= row.run_at < span[1]]
    found.update(row.workflow for row in ours)
    resting = _near(wanted, *span, NOTIFICATION_RESTS, most)
    held = connection.scalar(sa.select(sa.func.count()).select_from(resting).where(*_of(resting.c, wanted))) or 0
    return Count(
        by_workflow=dict(found.most_common()),
        resting=held + sum(is_resting(row) for row in ours),
        is_more=read > most or is_more,
    )


def is_resting(message: Row[Any]) -> bool:
    """Whether a message that was put off is held by quiet hours."""
    return bool(message.heeds_quiet) and message.error_code is None


def _put_off(connection: Connection, wanted: Wanted, span: Span, most: int) -> tuple[list[Row[Any]], bool]:
    """What is told of each message, and whether there are more than were read. They are few: most leave at once."""
    m, found, is_more = messages.c, list[Row[Any]](), False
    for lane in Lane:
        near = (
            sa.select(m.business_id, m.notification_id, m.category, m.run_at, m.heeds_quiet, m.error_code)
            .where(IS_QUEUED, m.lane == lane, *_within(m.run_at, span))
            .order_by(m.run_at)
            .limit(most)
            .subquery()
        )
        here = sa.select(near, notifications.c.workflow).outerjoin(
            notifications, notifications.c.id == near.c.notification_id
        )
        rows = connection.execute(here).all()
        is_more = is_more or len(rows) == most
        found += [
            row
            for row in rows
            if row.business_id == wanted.business_id
            and wanted.category in (None, row.category)
            and wanted.workflow in (None, row.workflow)
        ]
    return found, is_more


def _near(wanted: Wanted, since: datetime, until: datetime | None, kind: sa.TextClause, most: int) -> Any:
    """The first so many plans of a span, read from an index alone."""
    n = notifications.c
    where: list[Any] = [kind, n.business_id == wanted.business_id, n.next_at >= since]
    if until is not None:
        where.append(n.next_at < until)
    return sa.select(n.next_at, n.workflow, n.category).where(*where).order_by(n.next_at, n.id).limit(most).subquery()


def _of(columns: Any, wanted: Wanted) -> list[Any]:
    named = ((columns.workflow, wanted.workflow), (columns.category, wanted.category))
    return [column == value for column, value in named if value is not None]


def _message_of(wanted: Wanted) -> list[Any]:
    named = ((notifications.c.workflow, wanted.workflow), (messages.c.category, wanted.category))
    return [column == value for column, value in named if value is not None]


def _within(column: Any, span: Span) -> list[Any]:
    return [column >= span[0], column < span[1]]


def _behind(at: Any, own: Any, place: Place) -> list[Any]:
    """Said so that the index is read from the moment on."""
    return [at >= place.at, (at > place.at) | (own > place.id)]
