"""Meta's verification of a webhook address: a GET with a challenge, which the server must echo."""

import asyncio
import secrets

import httpx
import structlog

from channels.whatsapp.emulator.delivery import Line, client
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.settings import EmulatorSettings

INTERVAL_SECONDS = 1.0  # the server usually starts a moment after the emulator

log = structlog.get_logger(__name__)


async def verify(
    settings: EmulatorSettings, line: Line, feed: Feed, to_server: httpx.AsyncBaseTransport | None = None
) -> None:
    """Ask until somebody answers, then note on the line whether it was the right answer.

    Deliveries do not wait for it: a server without the handshake can still be developed, but is told.
    """
    challenge = secrets.token_hex(8)
    question = {
        "hub.mode": "subscribe",
        "hub.verify_token": settings.whatsapp_verify_token.get_secret_value(),
        "hub.challenge": challenge,
    }
    async with client(to_server) as http:
        while True:
            try:
                answer = await http.get(settings.emulator_webhook_url, params=question)
            except (httpx.HTTPError, httpx.InvalidURL):
                await asyncio.sleep(INTERVAL_SECONDS)
                continue
            line.verified = answer.status_code == 200 and answer.text == challenge
            feed.wake()
            if not line.verified:
                log.warning("the server refuses the handshake: is WHATSAPP_VERIFY_TOKEN the same on both sides?")
            return
