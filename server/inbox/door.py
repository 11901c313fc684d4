"""The door of inboxes: whose token it is, from which page it comes, and how often.

Refused             an answer that says why, as the other doors of the public port give it
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa
from fastapi import HTTPException
from sqlalchemy.engine import Connection

from channels.inapp import InboxPass, read_token
from notifications.inbox.reading import Owner, find_owner
from server.api.limits import LocalLimits, RequestLimits, SharedLimits
from server.parts import Parts, utc_now
from storage.tables import businesses

REQUESTS_PER_MINUTE: Final = 300
"""Of one person, in all their pages and apps: five a second. Our choice."""

ORIGINS_SECONDS: Final = 10.0
"""How long origins are believed without looking: so long after `./relais migrate` they are as before. Our choice."""

UNKNOWN: Final = "Send Authorization: Bearer with an inbox token that is valid; your own system asks the API for one."
ELSEWHERE: Final = "This page may not show the inbox: `inbox_origins` in business.yml names those that may."


class Refused(HTTPException):
    """Ends a request with a status and a sentence."""


class InboxDoor:
    """Lets people's apps in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._origins = Origins(parts)

    @cached_property
    def _limits(self) -> RequestLimits:
        url = self._parts.settings.redis_url.get_secret_value()
        most = REQUESTS_PER_MINUTE
        return SharedLimits(url, most, prefix="relais:inbox:") if url else LocalLimits(most)

    async def enter(self, token: str, origin: str | None) -> InboxPass:
        """What the token says. Raises Refused for one that opens nothing, or from a page of somebody else."""
        found = read_token(self._parts.settings.relais_secret.get_secret_value(), token, utc_now())
        if found is None:
            raise Refused(401, UNKNOWN, {"WWW-Authenticate": "Bearer"})
        if origin is not None and origin not in await self._origins.of(found.business_id):
            raise Refused(403, ELSEWHERE)
        return found

    async def ask(self, authorization: str | None, origin: str | None) -> InboxPass:
        """The same for a request, which is counted. Raises Refused."""
        scheme, _, token = (authorization or "").partition(" ")
        found = await self.enter(token.strip() if scheme.lower() == "bearer" else "", origin)
        allowance = await self._limits.count(found.subscriber_id)
        if allowance.is_spent:
            raise Refused(
                429,
                f"One person's inbox is asked at most {allowance.limit} times a minute.",
                {"Retry-After": str(allowance.reset_seconds)},
            )
        return found

    async def is_known(self, origin: str) -> bool:
        """Whether some business has pages there: before its token is seen, a browser asks that."""
        return await self._origins.has(origin)


def owner_of(connection: Connection, found: InboxPass) -> Owner:
    """Raises Refused for somebody who is no longer there."""
    owner = find_owner(connection, found.business_id, found.subscriber_id, is_test=found.is_test, round=found.round)
    if owner is None:
        raise Refused(401, UNKNOWN, {"WWW-Authenticate": "Bearer"})
    return owner


class Origins:
    """The pages that may show inboxes, by business; read from the database once in a while."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: Mapping[str, frozenset[str]] = {}
        self._read_at: datetime | None = None

    async def of(self, business_id: str) -> frozenset[str]:
        return (await self._all()).get(business_id, frozenset())

    async def has(self, origin: str) -> bool:
        return any(origin in each for each in (await self._all()).values())

    async def _all(self) -> Mapping[str, frozenset[str]]:
        now = utc_now()
        if self._read_at is None or now - self._read_at > timedelta(seconds=ORIGINS_SECONDS):
            self._known = await self._parts.database.read(_origins)
            self._read_at = now
        return self._known


def _origins(connection: Connection) -> dict[str, frozenset[str]]:
    b = businesses.c
    rows = connection.execute(sa.select(b.id, b.inbox_origins)).all()
    return {row.id: frozenset(row.inbox_origins or ()) for row in rows}


def shown(item: Any) -> dict[str, Any]:
    """A value of the inbox as JSON: its moments as the API writes all of them."""
    return {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in asdict(item).items()
    }
