"""What is wrong beside the queues: failures of late, numbers, templates, webhooks and tokens; read when asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import TURN_IS_PARKED, turns
from figures.keeping import hour_of
from figures.tables import figures
from notifications.hooks.endpoints import BY_HAND
from notifications.number_concerns import STATUS
from notifications.tables import IS_DEAD, IS_QUEUED, messages, number_health, templates, webhook_endpoints
from server.token_age import keeping as token_age
from storage.clock import database_now
from storage.tables import businesses
from storage.types import first_id_at

LATELY: Final = timedelta(hours=1)

FEWEST: Final = 20
"""Of fewer messages than this a share of failed ones says nothing. Our choice."""

LEFT: Final = ("sent", "delivered", "read", "failed")
"""Statuses of messages that were handed over, and of those that nobody would take."""

REFUSED_TEMPLATES: Final = ("PAUSED", "DISABLED", "REJECTED")
"""Meta's words."""

HOOK_WAITS: Final = timedelta(minutes=15)
"""A webhook to a business that has not left for so long has been refused several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Our access tokens for WhatsApp, as far as Meta told of them."""

    refused: int
    oldest_seconds: float
    left_seconds: float
    """Until the first of those that are valid ends; infinite where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What is wrong now."""

    failed_share: Mapping[str, float]
    """By channel; one of which little was sent is left out."""
    dead_lately: Mapping[str, int]
    parked_lately: int
    numbers: Mapping[str, int]
    """With a bad `quality`, with a bad `status`."""
    templates: Mapping[str, int]
    """That Meta will not take, by its word for it, in small letters."""
    endpoints_failing: int
    tokens: Tokens | None
    """None until Meta was asked about one."""


def read(connection: Connection) -> Troubles:
    """Look for everything that is wrong."""
    now: datetime = connection.execute(sa.select(database_now())).scalar_one()
    since = first_id_at(now - LATELY)
    m = messages.c
    dead = sa.select(m.channel, sa.func.count()).where(IS_DEAD, m.id >= since).group_by(m.channel)
    parked = sa.select(sa.func.count()).select_from(turns).where(TURN_IS_PARKED, turns.c.id >= since)
    t = templates.c
    refused = sa.select(t.status, sa.func.count()).where(t.status.in_(REFUSED_TEMPLATES)).group_by(t.status)
    return Troubles(
        failed_share=_failed_share(connection, now),
        dead_lately=_pairs(connection, dead),
        parked_lately=connection.scalar(parked) or 0,
        numbers=_numbers(connection),
        templates={status.lower(): count for status, count in _pairs(connection, refused).items()},
        endpoints_failing=_endpoints_failing(connection, now),
        tokens=_tokens(connection, now),
    )


def _failed_share(connection: Connection, now: datetime) -> dict[str, float]:
    """From the figures: two hours of them are a few rows, however much was sent."""
    f = figures.c
    rows = connection.execute(
        sa.select(f.name, f.detail, sa.func.sum(f.total))
        .where(
            f.business_id.in_(sa.select(businesses.c.id)),
            f.grain == "hour",
            f.kind == "out",
            f.at >= hour_of(now - LATELY),
            f.detail.in_(LEFT),
        )
        .group_by(f.name, f.detail)
    )
    left: dict[str, int] = {}
    failed: dict[str, int] = {}
    for channel, status, count in rows:
        left[channel] = left.get(channel, 0) + int(count)
        if status == "failed":
            failed[channel] = int(count)
    return {channel: failed.get(channel, 0) / count for channel, count in left.items() if count >= FEWEST}


def _numbers(connection: Connection) -> dict[str, int]:
    h = number_health.c
    found = {"quality": h.quality == "RED", "status": h.status.in_(list(STATUS))}
    counting = sa.select(sa.func.count()).select_from(number_health)
    return {what: connection.scalar(counting.where(is_so)) or 0 for what, is_so in found.items()}


def _endpoints_failing(connection: Connection, now: datetime) -> int:
    """Those for which something waits too long, and those that were switched off for it."""
    m, w = messages.c, webhook_endpoints.c
    waiting = sa.select(sa.func.count(sa.func.coalesce(m.group_key, sa.cast(m.business_id, sa.Text)).distinct())).where(
        IS_QUEUED, m.channel == "webhook", m.id < first_id_at(now - HOOK_WAITS), m.run_at <= now + LATELY
    )
    off = sa.select(sa.func.count()).where(w.disabled_at.is_not(None), w.disabled_reason != BY_HAND)
    return (connection.scalar(waiting) or 0) + (connection.scalar(off) or 0)


def _tokens(connection: Connection, now: datetime) -> Tokens | None:
    known = [each for each in token_age.listed(connection) if each.is_valid is not None]
    if not known:
        return None
    ends = [each.ends_at for each in known if each.is_valid and each.ends_at is not None]
    return Tokens(
        refused=sum(not each.is_valid for each in known),
        oldest_seconds=max((now - each.since).total_seconds() for each in known),
        left_seconds=(min(ends) - now).total_seconds() if ends else float("inf"),
    )


def _pairs(connection: Connection, counting: sa.Select[Any]) -> dict[str, int]:
    return {name: int(count) for name, count in connection.execute(counting)}
