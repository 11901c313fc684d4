"""What a person does with a message of their inbox: kept as a provider's report would be, so that plans hear of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.reports import Report, What
from notifications.inbox.reading import NOT_SHOWN_YET, Owner, is_in, moment
from notifications.providers.inapp import INAPP
from notifications.receipts import ReceiptBook
from notifications.tables import messages

type Mark = Literal["read", "click", "archive"]

MARKS: Final[tuple[Mark, ...]] = ("read", "click", "archive")

REPORTED: Final[dict[Mark, tuple[What, ...]]] = {
    "read": ("read",),
    # Who follows it has read it.
    "click": ("read", "clicked"),
    # Nobody need know that it was put away.
    "archive": (),
}

AT_ONCE: Final = 100
"""So many are marked in one transaction, so that others need not wait for a long one. Our choice."""


def mark(connection: Connection, owner: Owner, message_id: str, done: Mark) -> bool:
    """Keep it; again changes nothing. False where the message is not in this inbox.

    Wake the topics "messages" and "plans" after the commit, as with any report.
    """
    now = moment(connection)
    known = _of(connection, owner, now, [messages.c.id == message_id], most=1)
    for what in REPORTED[done]:
        _report(connection, owner, known, what, now)
    if done == "archive":
        m = messages.c
        first = (m.id.in_(known), m.archived_at.is_(None))
        connection.execute(sa.update(messages).where(*first).values(archived_at=now))
    return bool(known)


def mark_read(connection: Connection, owner: Owner, until: datetime) -> int:
    """Mark some of what came until then and is unread, archived ones too; how many they were, at most AT_ONCE."""
    now = moment(connection)
    # What comes while its owner taps "all read", they have not seen.
    wanted = [messages.c.read_at.is_(None), messages.c.claimed_at <= until]
    known = _of(connection, owner, now, wanted, most=AT_ONCE)
    _report(connection, owner, known, "read", now)
    return len(known)


def mark_delivered(connection: Connection, owner: Owner, ids: Sequence[str]) -> None:
    """An app has these now."""
    now = moment(connection)
    wanted = [messages.c.id.in_(ids), messages.c.status.in_(NOT_SHOWN_YET)]
    known = _of(connection, owner, now, wanted, most=len(ids))
    _report(connection, owner, known, "delivered", now)


def _of(
    connection: Connection, owner: Owner, now: datetime, wanted: Sequence[sa.ColumnElement[bool]], *, most: int
) -> list[str]:
    # In one order for everybody: two of a person's apps may mark the same ones.
    chosen = sa.select(messages.c.id).where(*is_in(owner, now), *wanted).order_by(messages.c.id).limit(most)
    return list(connection.scalars(chosen))


def _report(connection: Connection, owner: Owner, ids: Sequence[str], what: What, now: datetime) -> None:
    book = ReceiptBook()
    for message_id in ids:
        report = Report(
            provider=INAPP,
            provider_message_id=message_id,
            our_id=message_id,
            what=what,
            at=now,
            event_id=f"{message_id}-{what}",
            raw={"inbox": what},
        )
        book.record_report(connection, report, owner.business_id, now)
