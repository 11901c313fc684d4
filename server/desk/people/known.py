"""What is known of one person, read for their page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.personal import same_person
from conversations.tables import erasures
from notifications.consent import CATEGORIES
from notifications.tables import consents, messages, notifications
from storage.tables import addresses, conversations, phone_numbers, subscribers

CHANNELS: Final = ("whatsapp", "email", "sms", "inapp")
NEWEST: Final = 12
"""Of notifications and in-app messages; all of the former are behind a link."""

MOST_DECISIONS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything of the page but what the business's system has."""

    person: Row[Any] = field(repr=False)
    addresses: Sequence[Row[Any]] = field(repr=False)
    talks: Sequence[Row[Any]]
    pushed: Sequence[Row[Any]]
    inapp: Sequence[Row[Any]]
    wanted: Mapping[str, Mapping[str, Row[Any] | None]]
    """The newest decision by category and channel; None where none was made."""
    decisions: Sequence[Row[Any]]
    """Every one, the newest first."""
    erasures: Sequence[Row[Any]]

    @property
    def is_erased(self) -> bool:
        """Whether nothing is left of them."""
        return not self.addresses and any(each.done_at for each in self.erasures)


def business_of(connection: Connection, subscriber_id: str) -> tuple[str, str] | None:
    """The business of a person, and who they are now, if they turned out to be somebody else; None for nobody."""
    s = subscribers.c
    found = connection.execute(sa.select(s.business_id, s.merged_into).where(s.id == subscriber_id)).one_or_none()
    return None if found is None else (found.business_id, found.merged_into or subscriber_id)


def read(connection: Connection, subscriber_id: str) -> Known:
    """All of it."""
    same = same_person(connection, subscriber_id)
    s, a, c, n, m, o, e = (
        each.c for each in (subscribers, addresses, conversations, notifications, messages, consents, erasures)
    )
    decisions = _rows(
        connection,
        sa.select(o.category, o.channel, o.granted, o.source, o.decided_at)
        .where(o.subscriber_id.in_(same))
        .order_by(o.id.desc()),
    )
    newest: dict[tuple[str, str], Row[Any]] = {}
    for each in decisions:
        newest.setdefault((each.category, each.channel), each)
    return Known(
        person=connection.execute(sa.select(subscribers).where(s.id == subscriber_id)).one(),
        addresses=_rows(
            connection, sa.select(a.kind, a.value).where(a.subscriber_id.in_(same)).order_by(a.kind, a.value)
        ),
        talks=_rows(
            connection,
            sa.select(c.id, c.last_inbound_at, c.answered_by, phone_numbers.c.display_number)
            .join(phone_numbers, phone_numbers.c.phone_number_id == c.phone_number_id)
            .where(c.subscriber_id.in_(same), c.merged_into.is_(None))
            .order_by(c.last_inbound_at.desc()),
        ),
        pushed=_rows(
            connection,
            sa.select(n.id, n.workflow, n.state, n.created_at, n.next_at, n.is_test)
            .where(n.subscriber_id.in_(same))
            .order_by(n.id.desc())
            .limit(NEWEST),
        ),
        inapp=_rows(
            connection,
            sa.select(m.id, m.status, m.created_at, m.read_at, m.archived_at)
            .where(m.subscriber_id.in_(same), m.channel == "inapp")
            .order_by(m.id.desc())
            .limit(NEWEST),
        ),
        wanted={
            category: {channel: newest.get((category, channel)) for channel in CHANNELS} for category in CATEGORIES
        },
        decisions=decisions[:MOST_DECISIONS],
        erasures=_rows(
            connection,
            sa.select(e.asked_at, e.asked_by, e.done_at, e.problem).where(e.subscriber_id.in_(same)).order_by(e.id),
        ),
    )


def _rows(connection: Connection, query: sa.Select[Any]) -> Sequence[Row[Any]]:
    return connection.execute(query).all()
