"""Posts to Relais what the bot says without being asked: reminders, and intents triggered from outside.

    POST {url}/internal/conversations/{sender_id}/responses   Authorization: Bearer <secret>
    {"id": uuid, "responses": [one response]}                 202

Beside the bot's work, in each sender's order, and tried again while Relais is away. The id makes a repetition harmless.
"""

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp

from relais_bot.turn_answer import response_of

logger = logging.getLogger(__name__)

#: Before each further try: a minute and a half in all, in which Relais can be started again.
PAUSES_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 45.0)
TIMEOUT_SECONDS = 10.0

_REASONS = {
    401: "Relais does not know the secret: RELAIS_SECRET, or `secret` in credentials.yml, is another one there",
    404: "Relais has no conversation with this sender",
}
#: Too many requests, or taken too long: as good as away.
_PASSING = (408, 429)


class NotTaken(Exception):
    """Relais will never take this; the message says why and quotes nothing."""


class Away(Exception):
    """Relais could not take this now; the message says how it looked."""


class Unasked:
    """What is on its way to Relais, by sender."""

    def __init__(self, url: str, secret: str, pauses_seconds: Sequence[float] = PAUSES_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._pauses = pauses_seconds
        self._last: dict[str, asyncio.Task[None]] = {}

    def say(self, sender_id: str, message: Mapping[str, Any]) -> None:
        """Queue one response behind what this sender is still to get. Never raises, never waits."""
        response = response_of(message)
        if not response:
            return
        task = asyncio.get_running_loop().create_task(self._post_after(self._last.get(sender_id), sender_id, response))
        self._last[sender_id] = task
        task.add_done_callback(lambda done: self._forget(sender_id, done))

    async def finish(self, timeout_seconds: float) -> None:
        """Wait for what is on its way, before the process ends."""
        if not self._last:
            return
        _, late = await asyncio.wait(self._last.values(), timeout=timeout_seconds)
        for task in late:
            task.cancel()
        if late:
            logger.error(f"The bot ends while Relais is away: what was said unasked to {len(late)} sender(s) is lost.")

    def _forget(self, sender_id: str, task: "asyncio.Task[None]") -> None:
        if self._last.get(sender_id) is task:
            del self._last[sender_id]

    async def _post_after(
        self, before: "asyncio.Task[None] | None", sender_id: str, response: Mapping[str, Any]
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        body = {"id": str(uuid.uuid4()), "responses": [response]}
        try:
            await self._post_until_taken(sender_id, body)
        except (NotTaken, Away) as error:
            # The sender stays out of it: in other channels of this assistant it may be a phone number.
            logger.error(f"What was said unasked ({body['id']}) was not sent: {error}.")

    async def _post_until_taken(self, sender_id: str, body: Mapping[str, Any]) -> None:
        for pause in self._pauses:
            try:
                return await self._post(sender_id, body)
            except Away as away:
                logger.warning(f"What was said unasked ({body['id']}) waits {pause:g} s: {away}.")
            await asyncio.sleep(pause)
        await self._post(sender_id, body)

    async def _post(self, sender_id: str, body: Mapping[str, Any]) -> None:
        url = f"{self._url}/internal/conversations/{quote(sender_id, safe='')}/responses"
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
                session.post(url, json=body) as answer,
            ):
                if answer.status >= 500 or answer.status in _PASSING:
                    raise Away(f"Relais answered {answer.status}")
                if answer.status >= 300:
                    raise NotTaken(_REASONS.get(answer.status) or f"{answer.status}, {await _sentence(answer)}")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Away(f"Relais cannot be reached at {self._url} ({type(error).__name__})") from None


async def _sentence(answer: aiohttp.ClientResponse) -> str:
    """Why, in Relais's words. A list of problems would quote what was sent."""
    try:
        detail = (await answer.json(content_type=None))["detail"]
    except (ValueError, TypeError, KeyError):
        detail = None
    return detail.rstrip(".") if isinstance(detail, str) else "without a reason that may be logged"
