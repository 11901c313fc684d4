"""Carries waiting webhooks to the server: lanes side by side, within a lane one after the other."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import httpx
import structlog

from channels.whatsapp.emulator.chats import Chats
from channels.whatsapp.emulator.clock import Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.envelope import signature
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.settings import EmulatorSettings
from channels.whatsapp.emulator.webhook_queue import Answer, Webhook, WebhookQueue

MOST_AT_ONCE = 32
# What others report of Meta's own time-out lies between 3 s (Typebot) and 20 s (SocialHook).
TIMEOUT_SECONDS = 10.0
# Shorter than any server keeps an idle connection: one that the server is just closing must not be used.
LIMITS = httpx.Limits(max_connections=2 * MOST_AT_ONCE, keepalive_expiry=2.0)
# What a webhook from Meta carries as its User-Agent.
USER_AGENT = "facebookexternalua"

log = structlog.get_logger(__name__)


class Chore(Protocol):
    """What else has its time, and is done before webhooks are looked for."""

    def run_due(self) -> None: ...

    def seconds_until_due(self) -> float | None:
        """From now until there is something to do; None: nothing is planned."""


@dataclass(slots=True)
class Line:
    """Whether the server is there, as the page shows it."""

    reachable: bool | None = None  # None: nothing was tried yet
    problem: str | None = None
    verified: bool | None = None  # the server's answer to the handshake


class Delivery:
    def __init__(
        self,
        settings: EmulatorSettings,
        database: Database,
        chats: Chats,
        queue: WebhookQueue,
        feed: Feed,
        clock: Clock,
        chores: Sequence[Chore] = (),
        to_server: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._chores = chores
        self._url = settings.emulator_webhook_url
        self._secret = settings.whatsapp_app_secret.get_secret_value()
        self._database = database
        self._chats = chats
        self._queue = queue
        self._feed = feed
        self._clock = clock
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._http = client(to_server)
        self.line = Line()

    async def run(self) -> None:
        """Deliver until the feed closes. What is in flight then stays in the queue and is tried again."""
        try:
            while not self._feed.closed:
                change = self._feed.ticket()
                for chore in self._chores:
                    chore.run_due()
                for webhook in self._queue.due(self._clock(), busy=self._busy, most=MOST_AT_ONCE - len(self._busy)):
                    self._busy[webhook.id] = asyncio.create_task(self._deliver(webhook))
                # A full house is woken by the next webhook that settles.
                full = len(self._busy) >= MOST_AT_ONCE
                pauses = [chore.seconds_until_due() for chore in self._chores]
                if not full:
                    pauses.append(self._queue.seconds_until_due(self._clock(), busy=self._busy))
                await _wait(change, min((pause for pause in pauses if pause is not None), default=None))
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)
            await self._http.aclose()

    async def post(self, body: bytes, signed: str | None) -> tuple[Answer, str]:
        """One try with these bytes; returns what came of it and the server's words."""
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
        if signed is not None:
            headers["X-Hub-Signature-256"] = signed
        started = time.perf_counter()
        try:
            response = await self._http.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = f"{type(error).__name__}: {error}"
            return Answer(http_status=None, milliseconds=_since(started), problem=problem), ""
        refused = None if response.status_code == 200 else f"answered {response.status_code}"
        return (
            Answer(http_status=response.status_code, milliseconds=_since(started), problem=refused),
            response.text,
        )

    async def _deliver(self, webhook: Webhook) -> None:
        try:
            answer, _ = await self.post(webhook.body, signature(self._secret, webhook.body))
            self._settle(webhook, answer)
        finally:
            del self._busy[webhook.id]
            self._feed.wake()

    def _settle(self, webhook: Webhook, answer: Answer) -> None:
        now = self._clock()
        was_away = self.line.reachable is False
        self._note_line(answer)
        with self._database.transaction() as t:
            self._queue.settle(t, webhook, answer, now)
            if was_away and answer.http_status is not None:
                self._queue.hurry_unanswered(t, now)
            if answer.taken and webhook.message_id is not None:
                for message_id in (webhook.message_id, *webhook.also):
                    message = self._chats.message(message_id)
                    if message.sender == "person":
                        self._chats.raise_status(t, message, "delivered", now)

    def _note_line(self, answer: Answer) -> None:
        reachable = answer.http_status is not None
        if reachable is not self.line.reachable:
            log.info("the server answers" if reachable else "the server does not answer", url=self._url)
        self.line.reachable = reachable
        self.line.problem = answer.problem


def client(to_server: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for talking to the server, past the environment's proxies: it is mostly on this machine.

    With a transport it speaks through that alone, and needs no network.
    """
    return httpx.AsyncClient(
        timeout=TIMEOUT_SECONDS, trust_env=False, verify=certificates(), limits=LIMITS, transport=to_server
    )


@cache
def certificates() -> ssl.SSLContext:
    """Reading them takes longer than making everything else of an emulator."""
    return httpx.create_ssl_context(trust_env=False)


async def _wait(change: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await change.wait()
    except TimeoutError:
        return


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
