"""What follows when messages became something else, whoever wrote it: plans go on, and the business is told."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.hooks import announce
from notifications.plans.news import heard
from notifications.tables import webhook_endpoints


def spread(
    connection: Connection,
    changed: Collection[str],
    now: datetime,
    *,
    ended: Collection[str] | None = None,
    has_endpoints: bool | None = None,
) -> None:
    """Call it in the transaction that changed these messages.

    `ended` are those that a plan may wait for, which sent a moment ago are not; without it, all of them.
    `has_endpoints` is `HAS_ENDPOINTS`, where the caller has asked for it already.
    """
    if not changed:
        return
    heard(connection, list(changed if ended is None else ended), now)
    if connection.scalar(_ASK) if has_endpoints is None else has_endpoints:
        announce(connection, changed, now)


HAS_ENDPOINTS: Final = sa.exists().where(webhook_endpoints.c.disabled_at.is_(None))
"""Most have no endpoint, and asking each time what to tell them would cost more than settling."""

_ASK: Final = sa.select(HAS_ENDPOINTS)
