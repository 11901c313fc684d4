"""An inbox as its owner sees it: pages of it, its counts, and what changed since a moment.

There is no store of its own: it is a view of `messages`. A message is in it from the moment that its send is settled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.personal import ERASED
from notifications.status import Status
from notifications.tables import IS_INAPP, messages, notifications
from storage.clock import database_now
from storage.tables import subscribers
from storage.types import first_id_at

KEPT: Final = timedelta(days=90)
"""What came earlier is no longer shown or counted, so that an inbox costs the same after years. Our choice."""

IN_IT: Final = (Status.UNKNOWN, Status.SENT, Status.DELIVERED, Status.READ)
"""Of an unknown one its worker died before it could write that it is there; nothing else stands in its way."""

NOT_SHOWN_YET: Final = (Status.UNKNOWN, Status.SENT)

OVERLAP: Final = timedelta(seconds=60)
"""How far back a question for changes reaches beyond its moment: longer than any transaction or difference of clocks.
A change may so be told twice, and never not at all."""

MOST_CHANGES: Final = 100
"""What is told of changes at once; who missed more reads the list anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose inbox it is."""

    business_id: str
    subscriber_id: str
    is_test: bool
    """What test keys made is in an inbox apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message in it."""

    id: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    url: str | None = field(repr=False)
    category: str
    workflow: str | None
    sent_at: datetime
    read_at: datetime | None
    clicked_at: datetime | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of what is not archived."""

    unread: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    items: Sequence[Item]
    next: str | None
    """The id of the last one, where more follow."""
    undelivered: Sequence[str]
    """The ids of those that no app had before."""
    counts: Counts
    as_of: datetime
    """By the database's clock: from here on changes are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    items: Sequence[Item]
    """New ones, and those that were read, clicked or archived; the newest first."""
    is_complete: bool
    undelivered: Sequence[str]
    counts: Counts
    as_of: datetime


def find_owner(
    connection: Connection, business_id: str, subscriber_id: str, *, is_test: bool, round: int = 0
) -> Owner | None:
    """Who the person is now: two that turned out to be one have one inbox. None where the token was taken back."""
    s = subscribers.c
    wanted = sa.select(sa.func.coalesce(s.merged_into, s.id, type_=s.id.type)).where(
        s.id == subscriber_id, s.business_id == business_id, s.inbox_round == round
    )
    found = connection.scalar(wanted)
    return None if found is None else Owner(business_id=business_id, subscriber_id=found, is_test=is_test)


def round_of(connection: Connection, subscriber_id: str) -> int:
    """What a token that is made now has to say."""
    s = subscribers.c
    return int(connection.scalar(sa.select(s.inbox_round).where(s.id == subscriber_id)) or 0)


def take_tokens_back(connection: Connection, subscriber_id: str) -> None:
    """All tokens of a person open nothing from the commit on, also those of somebody who turned out to be them."""
    s = subscribers.c
    is_them = (s.id == subscriber_id) | (s.merged_into == subscriber_id)
    connection.execute(sa.update(subscribers).where(is_them).values(inbox_round=s.inbox_round + 1))


def page(connection: Connection, owner: Owner, before: str | None, limit: int, *, only_unread: bool = False) -> Page:
    """The newest first, from the one before the message `before`; what is archived is left out."""
    m, now = messages.c, moment(connection)
    conditions = [*_shown(owner, now)]
    if before is not None:
        conditions.append(m.id < before)
    if only_unread:
        conditions.append(m.read_at.is_(None))
    rows = connection.execute(_select().where(*conditions).order_by(m.id.desc()).limit(limit + 1)).all()
    items = [_item(row) for row in rows[:limit]]
    following = items[-1].id if len(rows) > limit else None
    counts = _counts(connection, owner, now)
    return Page(items=items, next=following, undelivered=_undelivered(rows[:limit]), counts=counts, as_of=now)


def changes(connection: Connection, owner: Owner, since: datetime | None) -> Changes:
    """What came or became something else since a moment that an answer named; some may have been told already.

    Without a moment, nothing has.
    """
    m, now = messages.c, moment(connection)
    begins = (since or now + OVERLAP) - OVERLAP
    moments = (m.settled_at, m.claimed_at, m.read_at, m.clicked_at, m.archived_at)
    has_changed = sa.or_(*(each >= begins for each in moments))
    wanted = _select().where(*is_in(owner, now), has_changed).order_by(m.id.desc()).limit(MOST_CHANGES + 1)
    rows = [] if since is None else connection.execute(wanted).all()
    return Changes(
        items=[_item(row) for row in rows[:MOST_CHANGES]],
        is_complete=len(rows) <= MOST_CHANGES,
        undelivered=_undelivered(rows),
        counts=_counts(connection, owner, now),
        as_of=now,
    )


def items(connection: Connection, owner: Owner, ids: Sequence[str]) -> tuple[list[Item], Counts]:
    """These as they are now, archived or not, and the counts."""
    now = moment(connection)
    rows = connection.execute(_select().where(*is_in(owner, now), messages.c.id.in_(ids))).all()
    return [_item(row) for row in rows], _counts(connection, owner, now)


def is_in(owner: Owner, now: datetime) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    """The messages of an inbox, archived ones too."""
    m = messages.c
    # Not of the business once more, which the owner is one of: SQLite would read all messages of it instead.
    return (
        m.subscriber_id == owner.subscriber_id,
        IS_INAPP,
        m.is_test == owner.is_test,
        m.status.in_(IN_IT),
        m.origin != ERASED,
        m.id >= first_id_at(now - KEPT),
    )


def _shown(owner: Owner, now: datetime) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    return (*is_in(owner, now), messages.c.archived_at.is_(None))


def _counts(connection: Connection, owner: Owner, now: datetime) -> Counts:
    unread = sa.func.count(sa.case((messages.c.read_at.is_(None), 1)))
    row = connection.execute(sa.select(sa.func.count(), unread).where(*_shown(owner, now))).one()
    return Counts(total=row[0], unread=row[1])


def moment(connection: Connection) -> datetime:
    """By the database's clock. Before anything is read: what is committed later is later."""
    now: datetime = connection.scalar(sa.select(database_now()))
    return now


def _select() -> sa.Select[Any]:
    m, n = messages.c, notifications.c
    what = (m.id, m.status, m.payload, m.category, n.workflow)
    when = (m.claimed_at, m.created_at, m.read_at, m.clicked_at, m.archived_at)
    return sa.select(*what, *when).outerjoin(notifications, n.id == m.notification_id)


def _undelivered(rows: Sequence[Row[Any]]) -> list[str]:
    return [row.id for row in rows if row.status in NOT_SHOWN_YET]


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        title=row.payload["title"],
        body=row.payload["body"],
        url=row.payload.get("url"),
        category=row.category,
        workflow=row.workflow,
        sent_at=row.claimed_at or row.created_at,
        read_at=row.read_at,
        clicked_at=row.clicked_at,
        archived_at=row.archived_at,
    )
