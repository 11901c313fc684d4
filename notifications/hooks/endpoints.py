"""Webhook endpoints: kept, changed, disabled when they fail for days, and what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.status import Status
from notifications.tables import IS_QUEUED, messages, webhook_endpoints
from storage.types import new_id

MOST: Final = 20
"""Endpoints of one business: each status is sent to each of them. Our choice."""

BOTH_SIGN_FOR: Final = timedelta(hours=24)
"""How long the secret before signs too, after it was changed."""

FAILS_FOR: Final = timedelta(days=3)
"""After this time without a single request taken, an endpoint is disabled. Our choice: a long weekend."""


BY_HAND: Final = "Switched off over the API."
"""Why an endpoint is off that somebody wanted so."""


class TooManyEndpoints(Exception):
    """The business has as many as it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a business is told."""

    id: str
    business_id: str
    url: str
    events: tuple[str, ...]
    """Types that it wants; none: all."""
    generation: int
    """Of its secret."""
    previous_until: datetime | None
    """Until when the secret before signs too."""
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None

    def generations(self, now: datetime) -> list[int]:
        """Of the secrets that sign now, the newest first."""
        has_previous = self.previous_until is not None and now < self.previous_until
        return [self.generation, self.generation - 1] if has_previous else [self.generation]


def create(connection: Connection, business_id: str, url: str, events: Sequence[str], now: datetime) -> Endpoint:
    """Keep a new endpoint. Raises TooManyEndpoints."""
    count = sa.select(sa.func.count()).where(webhook_endpoints.c.business_id == business_id)
    if (connection.scalar(count) or 0) >= MOST:
        raise TooManyEndpoints
    endpoint_id = new_id()
    connection.execute(
        sa.insert(webhook_endpoints).values(
            id=endpoint_id, business_id=business_id, url=url, events=list(events), created_at=now
        )
    )
    return _one(connection, endpoint_id)


def find(connection: Connection, business_id: str, endpoint_id: str) -> Endpoint | None:
    """One of this business's, or None."""
    w = webhook_endpoints.c
    row = connection.execute(
        sa.select(webhook_endpoints).where(w.id == endpoint_id, w.business_id == business_id)
    ).one_or_none()
    return None if row is None else _read(row)


def listed(connection: Connection, business_id: str) -> list[Endpoint]:
    """All of a business, the oldest first."""
    w = webhook_endpoints.c
    rows = connection.execute(sa.select(webhook_endpoints).where(w.business_id == business_id).order_by(w.id))
    return [_read(row) for row in rows]


def change(connection: Connection, endpoint: Endpoint, values: Mapping[str, Any], now: datetime) -> Endpoint:
    """Change `url`, `events`, or whether it `is_enabled`; a new start forgets what failed before."""
    columns = {name: value for name, value in values.items() if name in {"url", "events"}}
    match values.get("is_enabled"):
        case True:
            columns |= {"disabled_at": None, "disabled_reason": None}
            _close_failures(connection, endpoint, now)
        case False:
            disable(connection, endpoint.id, BY_HAND, now)
    if columns:
        connection.execute(sa.update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint.id).values(columns))
    return _one(connection, endpoint.id)


def rotate(connection: Connection, endpoint: Endpoint, now: datetime) -> Endpoint:
    """From now on a new secret signs; for a day the one before does too."""
    w = webhook_endpoints.c
    connection.execute(
        sa.update(webhook_endpoints)
        .where(w.id == endpoint.id)
        .values(secret_generation=w.secret_generation + 1, previous_until=now + BOTH_SIGN_FOR)
    )
    return _one(connection, endpoint.id)


def delete(connection: Connection, endpoint: Endpoint, now: datetime) -> None:
    """Forget it; what waits for it is cancelled."""
    _cancel_waiting(connection, endpoint.id, now)
    connection.execute(sa.delete(webhook_endpoints).where(webhook_endpoints.c.id == endpoint.id))


def disable(connection: Connection, endpoint_id: str, reason: str, now: datetime) -> None:
    """Tell it nothing more; what waits for it is cancelled. Again changes nothing."""
    w = webhook_endpoints.c
    connection.execute(
        sa.update(webhook_endpoints)
        .where(w.id == endpoint_id, w.disabled_at.is_(None))
        .values(disabled_at=now, disabled_reason=reason)
    )
    _cancel_waiting(connection, endpoint_id, now)


def disable_if_it_fails_for_days(connection: Connection, endpoint: Endpoint, problem: str, now: datetime) -> bool:
    """Whether it was disabled: what it should have been told days ago it was not told, and nothing since then."""
    m = messages.c
    of_it = (m.business_id == endpoint.business_id, m.group_key == group_of(endpoint.id))
    last_taken = sa.select(sa.func.max(m.settled_at)).where(*of_it, m.status == Status.SENT).scalar_subquery()
    failing_since: datetime | None = connection.scalar(
        sa.select(sa.func.min(m.created_at, type_=m.created_at.type)).where(
            *of_it,
            m.status.in_((Status.QUEUED, Status.SENDING, Status.EXPIRED, Status.FAILED)),
            m.closed_at.is_(None),
            sa.or_(last_taken.is_(None), m.created_at > last_taken),
        )
    )
    if failing_since is None or now - failing_since < FAILS_FOR:
        return False
    disable(connection, endpoint.id, f"Nothing was taken since {failing_since:%Y-%m-%d %H:%M} UTC: {problem}", now)
    return True


def group_of(endpoint_id: str) -> str:
    """What all messages to an endpoint have in common: by it they are found."""
    return f"webhook:{endpoint_id}"


def _cancel_waiting(connection: Connection, endpoint_id: str, now: datetime) -> None:
    m = messages.c
    business = sa.select(webhook_endpoints.c.business_id).where(webhook_endpoints.c.id == endpoint_id)
    connection.execute(
        sa.update(messages)
        .where(IS_QUEUED, m.business_id == business.scalar_subquery(), m.group_key == group_of(endpoint_id))
        .values(status=Status.CANCELLED, settled_at=now)
    )


def _close_failures(connection: Connection, endpoint: Endpoint, now: datetime) -> None:
    m = messages.c
    connection.execute(
        sa.update(messages)
        .where(
            m.business_id == endpoint.business_id,
            m.group_key == group_of(endpoint.id),
            m.status.in_((Status.EXPIRED, Status.FAILED)),
            m.closed_at.is_(None),
        )
        .values(closed_at=now)
    )


def _one(connection: Connection, endpoint_id: str) -> Endpoint:
    return _read(connection.execute(sa.select(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)).one())


def _read(row: Row[Any]) -> Endpoint:
    return Endpoint(
        id=row.id,
        business_id=row.business_id,
        url=row.url,
        events=tuple(row.events),
        generation=row.secret_generation,
        previous_until=row.previous_until,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
    )
