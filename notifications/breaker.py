"""The circuit breaker of a number: what Meta refuses for all of it waits, while one message at a time tries.

A stop is a row. Whoever writes it first tells the operator, and whoever holds it decides which message tries next: so
any number of workers make one alert and one probe. Times are the database's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from notifications.tables import messages, number_stops
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import conversations

FIRST_PROBE_SECONDS: Final = 5.0
LONGEST_PROBE_SECONDS: Final = 600.0
"""Between two probes the pause doubles from the first to the longest; our choice."""

MARKETING_REST_SECONDS: Final = 24 * 3600.0
"""How long marketing rests after people marked it as spam, before one message tries again."""

log = structlog.get_logger()


class Scope(StrEnum):
    """What of a number is stopped."""

    EVERYTHING = "everything"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A number, or its marketing, that waits for somebody to act."""

    phone_number_id: str
    scope: Scope
    error_code: int | None
    reason: str
    stopped_at: datetime


def stop(
    connection: Connection,
    scope: Scope,
    *,
    phone_number_id: str,
    business_id: str,
    code: int | None,
    reason: str,
    from_receipt: bool,
    now: datetime,
) -> None:
    """Send nothing of this number (or no marketing) but a probe now and then. Said once, however many are refused."""
    first = FIRST_PROBE_SECONDS if scope is Scope.EVERYTHING else MARKETING_REST_SECONDS
    row = {
        "phone_number_id": phone_number_id,
        "scope": scope,
        "business_id": business_id,
        "error_code": code,
        "reason": reason,
        "needs_receipt": from_receipt,
        "stopped_at": now,
        "probe_at": connection.scalar(sa.select(database_now(first))),
    }
    if insert_new(connection, number_stops, row, number_stops.c.phone_number_id) is not None:
        log.error("number.stopped", phone_number_id=phone_number_id, scope=scope.value, code=code, advice=reason)


def passed(connection: Connection, phone_number_id: str, category: str) -> None:
    """WhatsApp said yes to a probe of this category: where that is proof enough, its number goes on."""
    s = number_stops.c
    _resume(connection, s.phone_number_id == phone_number_id, _concerns(category), ~s.needs_receipt)


def reported(connection: Connection, phone_number_id: str, category: str, sent_at: datetime) -> None:
    """A receipt says that a message left for the person at `sent_at` (whole seconds); a probe's ends the stop."""
    s = number_stops.c
    # What was on its way when the number was stopped proves nothing, and before the first probe nothing else leaves.
    stopped = s.stopped_at < sent_at - timedelta(seconds=FIRST_PROBE_SECONDS - 1)
    _resume(connection, s.phone_number_id == phone_number_id, _concerns(category), stopped)


def due_for_a_probe(connection: Connection) -> list[tuple[str, Scope]]:
    """The (number, scope) whose turn to try it is; locked until the transaction ends, and skipping what others hold."""
    s = number_stops.c
    rows = connection.execute(
        sa.select(s.phone_number_id, s.scope)
        .where(s.probe_at <= database_now())
        .order_by(s.phone_number_id, s.scope)
        .with_for_update(skip_locked=True)
    )
    return [(row.phone_number_id, Scope(row.scope)) for row in rows]


def probing(connection: Connection, phone_number_id: str, scope: Scope) -> None:
    """One message of it tries now: the next one may after a pause twice as long."""
    s = number_stops.c
    which = (s.phone_number_id == phone_number_id, s.scope == scope)
    probes = connection.scalar(sa.select(s.probes).where(*which)) or 0
    first = FIRST_PROBE_SECONDS if scope is Scope.EVERYTHING else MARKETING_REST_SECONDS
    longest = max(LONGEST_PROBE_SECONDS, first)
    pause = min(longest, first * 2.0 ** min(probes + 1, 16))
    connection.execute(sa.update(number_stops).where(*which).values(probes=probes + 1, probe_at=database_now(pause)))


def stops(connection: Connection) -> Sequence[Stop]:
    """Every number that is stopped now, the longest first."""
    s = number_stops.c
    rows = connection.execute(
        sa.select(s.phone_number_id, s.scope, s.error_code, s.reason, s.stopped_at).order_by(s.stopped_at)
    )
    return [Stop(**{**row._mapping, "scope": Scope(row.scope)}) for row in rows]


IS_ANY_STOPPED: Final = sa.exists().where(number_stops.c.phone_number_id.is_not(None))
"""Whether there is any stop at all."""


def is_stopped(*scopes: Scope) -> sa.ColumnElement[bool]:
    """A condition on messages joined to their conversations: their number is stopped for them, in one of the scopes."""
    s = number_stops.c
    return sa.exists().where(
        s.phone_number_id == conversations.c.phone_number_id,
        s.scope.in_(scopes or list(Scope)),
        (s.scope == Scope.EVERYTHING) | (messages.c.category == Scope.MARKETING),
    )


def _concerns(category: str) -> sa.ColumnElement[bool]:
    """A yes to marketing shows that both pass, one to anything else that the number does."""
    scopes = list(Scope) if category == Scope.MARKETING else [Scope.EVERYTHING]
    return number_stops.c.scope.in_(scopes)


def _resume(connection: Connection, *where: sa.ColumnElement[bool]) -> None:
    s = number_stops.c
    gone = connection.execute(sa.delete(number_stops).where(*where).returning(s.phone_number_id, s.scope, s.stopped_at))
    for row in gone.all():
        log.info("number.resumed", phone_number_id=row.phone_number_id, scope=row.scope)
