"""Delivers to a business's own system: signed, to public addresses, again after growing pauses for a day."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.engine import Connection

from channels.failures import Remedy, without_private
from channels.transport import Transport, TransportError
from channels.webhook import derived_secret, signed_headers
from notifications.hooks.endpoints import Endpoint, disable, disable_if_it_fails_for_days, find, listed
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome
from storage.database import Database

TIMEOUT_SECONDS: Final = 10.0
FIRST_PAUSE_SECONDS: Final = 5.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
MOST_DOUBLINGS: Final = 10

AT_ONCE: Final = 10
"""Requests to one endpoint at a time: a slow one must not hold the sends of everybody else."""

BUSY_SECONDS: Final = 1.0
"""How long what finds an endpoint so busy waits."""

USER_AGENT: Final = "Relais-Webhooks/1"


@dataclass(slots=True)
class _Standing:
    """How one endpoint does, as far as this process knows."""

    under_way: int = 0
    failures: int = 0
    """In a row."""
    rests_until: float = 0.0


class WebhookProvider:
    """Implements `providers.base.Provider`."""

    name = "webhook"
    channel = "webhook"

    def __init__(
        self,
        transport: Transport,
        database: Database,
        secret: str,
        clock: Callable[[], datetime],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`secret` is the server's: those of endpoints are derived from it. `steady` times the pauses."""
        self._transport = transport
        self._database = database
        self._secret = secret
        self._clock = clock
        self._steady = steady
        self._standings: dict[str, _Standing] = {}

    async def deliver(self, message: Outgoing) -> Outcome:
        endpoint_id = message.payload.get("endpoint_id") or await self._database.read(_first, message.business_id)
        if endpoint_id is None:
            return _over("The business has no webhook endpoint.")
        standing = self._standings.setdefault(endpoint_id, _Standing())
        rest = standing.rests_until - self._steady()
        if rest > 0:
            return _later("This endpoint failed a moment ago; it is left alone for a while.", rest)
        if standing.under_way >= AT_ONCE:
            return _later(f"This endpoint is busy with {AT_ONCE} other requests.", BUSY_SECONDS)
        standing.under_way += 1
        try:
            return await self._tried(endpoint_id, standing, message)
        finally:
            standing.under_way -= 1

    async def _tried(self, endpoint_id: str, standing: _Standing, message: Outgoing) -> Outcome:
        endpoint = await self._database.read(find, message.business_id, endpoint_id)
        if endpoint is None or endpoint.disabled_at is not None:
            return _over("The endpoint was deleted or switched off.")
        problem, is_gone = await self._post(endpoint, message)
        if problem is None:
            standing.failures, standing.rests_until = 0, 0.0
            return Accepted(provider=self.name, provider_message_id=message.id)
        if is_gone:
            await self._database.write(disable, endpoint_id, problem, self._clock())
            return _over(problem)
        return await self._failed(endpoint, standing, problem)

    async def _post(self, endpoint: Endpoint, message: Outgoing) -> tuple[str | None, bool]:
        """What went wrong, if anything did; and whether the endpoint says that it is gone for good."""
        body = _text(message.payload["body"])
        now = self._clock()
        secrets = [
            derived_secret(self._secret, "webhook", endpoint.id, generation) for generation in endpoint.generations(now)
        ]
        headers = {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            **signed_headers(secrets, message.id, body, now),
        }
        try:
            answer = await self._transport.request("POST", endpoint.url, headers, body.encode(), TIMEOUT_SECONDS)
        except TransportError as error:
            return f"The endpoint could not be reached ({without_private(str(error))}).", False
        if 200 <= answer.status < 300:
            return None, False
        return f"The endpoint answered {answer.status}.", answer.status == 410

    async def _failed(self, endpoint: Endpoint, standing: _Standing, problem: str) -> Failed:
        """It rests, the longer the more often it failed; after days of it nothing more is tried."""
        now = self._clock()
        if await self._database.write(disable_if_it_fails_for_days, endpoint, problem, now):
            return _over(f"{problem} It failed for days and is switched off.")
        # What was on its way together fails together, and counts once.
        if standing.rests_until <= self._steady():
            pause = FIRST_PAUSE_SECONDS * 2.0 ** min(standing.failures, MOST_DOUBLINGS)
            standing.failures += 1
            standing.rests_until = self._steady() + min(LONGEST_PAUSE_SECONDS, pause)
        return _later(problem, standing.rests_until - self._steady())


def _first(connection: Connection, business_id: str) -> str | None:
    """Where a workflow's own webhook goes: to the first endpoint that is switched on."""
    return next((each.id for each in listed(connection, business_id) if each.disabled_at is None), None)


def _later(reason: str, seconds: float) -> Failed:
    # Not the provider's failure: another business's endpoint may be well.
    return Failed(
        provider=WebhookProvider.name,
        reason=reason,
        code=None,
        remedy=Remedy.TRY_AGAIN,
        retry_after_seconds=seconds,
        was_asked=False,
    )


def _over(reason: str) -> Failed:
    return Failed(provider=WebhookProvider.name, reason=reason, code=None, remedy=Remedy.OTHER_CHANNEL, was_asked=False)


def _text(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
