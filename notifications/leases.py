"""What becomes of messages whose worker died, or whose answer was lost: unknown, and after a wait perhaps once more."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import retry
from notifications.aftermath import spread
from notifications.decisions import Decided, keep_decisions
from notifications.status import Status
from notifications.tables import IS_IN_FLIGHT, messages
from storage.clock import database_now


def forget_leases(connection: Connection) -> None:
    """End every lease: what was being sent is unknown now. Only for a process that is alone on its database."""
    connection.execute(
        sa.update(messages)
        .where(IS_IN_FLIGHT, messages.c.status == Status.SENDING)
        .values(lease_until=database_now(-1))
    )


def tend_leases(connection: Connection, now: datetime) -> bool:
    """A send whose worker died was most likely on the wire: unknown. After a wait it may go once more.

    Returns whether anything changed.
    """
    if not connection.scalar(_IS_ANY_OVER):
        return False
    lost = _lose(connection, now)
    return _resend(connection, now) or lost


_IS_ANY_OVER: Final = sa.select(
    sa.exists().select_from(messages).where(IS_IN_FLIGHT, messages.c.lease_until < database_now())
)
"""Nearly always no, and asked several times a second."""


def _lose(connection: Connection, now: datetime) -> bool:
    m = messages.c
    lost = connection.execute(
        sa.update(messages)
        .where(IS_IN_FLIGHT, m.status == Status.SENDING, m.lease_until < database_now())
        .values(status=Status.UNKNOWN, lease_until=database_now(retry.UNKNOWN_SECONDS))
        .returning(m.id, m.business_id)
    ).all()
    why = "The worker stopped while sending it."
    keep_decisions(connection, [Decided.of(row, Status.UNKNOWN, why) for row in lost], now)
    spread(connection, [row.id for row in lost], now, ended=[])
    return bool(lost)


def _resend(connection: Connection, now: datetime) -> bool:
    m = messages.c
    waited = connection.execute(
        sa.select(m.id, m.business_id, m.category, m.resends)
        .where(IS_IN_FLIGHT, m.status == Status.UNKNOWN, m.lease_until < database_now())
        .with_for_update(skip_locked=True)
    ).all()
    again = [row for row in waited if retry.may_resend(row.category, row.resends)]
    over = [row for row in waited if row not in again]
    if again:
        connection.execute(
            sa.update(messages)
            .where(m.id.in_([row.id for row in again]))
            .values(status=Status.QUEUED, run_at=database_now(), resends=m.resends + 1, lease_until=None)
        )
    if over:
        connection.execute(sa.update(messages).where(m.id.in_([row.id for row in over])).values(lease_until=None))
    goes = "No receipt came within a minute; it goes once more with the same id."
    stays = "No receipt came; it is not sent again, so that nobody gets it twice."
    told = [Decided.of(row, "resend", goes) for row in again] + [Decided.of(row, "given_up", stays) for row in over]
    keep_decisions(connection, told, now)
    return bool(waited)
