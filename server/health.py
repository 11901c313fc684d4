"""Whether this process lives, and whether it can do its work: the database decides, the rest is reported."""

import asyncio
import time
from typing import Any
from urllib.parse import urljoin

import sqlalchemy as sa
from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from channels.whatsapp.transport import Transport, TransportError
from server.parts import Parts
from storage.database import StorageError

PROBE_SECONDS = 2.0
DATABASE_SECONDS = 3.0

FRESH_SECONDS = 2.0
"""Whoever asks more often gets the last answer: the question is public, and asking costs our neighbours requests."""


def health_routes(parts: Parts) -> APIRouter:
    """GET /health/live and /health/ready."""
    router = APIRouter(prefix="/health", tags=["health"])
    checkup = Checkup(parts)

    @router.get("/live")
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/ready")
    async def ready(response: Response) -> dict[str, Any]:
        """200 while webhooks can be kept: only the database can say no.

        A bot, action server, backend or WhatsApp that is away is reported as degraded, with 200: taking the
        webhook out of rotation for it would lose what it is there to keep.
        """
        states = await checkup.states()
        if states["database"] == "down":
            response.status_code = 503
            return {"status": "down", "parts": states}
        return {"status": "degraded" if "degraded" in states.values() else "ok", "parts": states}

    return router


class Checkup:
    """Asks every part whether it answers; one question at a time, remembered for a moment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asking = asyncio.Lock()
        self._asked_at = -FRESH_SECONDS
        self._states: dict[str, str] = {}

    async def states(self) -> dict[str, str]:
        """ok, degraded or (the database) down, by part."""
        async with self._asking:
            if time.monotonic() - self._asked_at > FRESH_SECONDS:
                self._states = await self._ask()
                self._asked_at = time.monotonic()
            return self._states

    async def _ask(self) -> dict[str, str]:
        settings = self._parts.settings
        addresses = {
            "actions": urljoin(settings.actions_url, "/health"),
            "backend": settings.backend_url,
            "whatsapp": settings.whatsapp_base_url,
        }
        database, bot, *others = await asyncio.gather(
            self._database_answers(),
            self._parts.bot.is_ready(),
            *(_answers(self._parts.transports.beside, address) for address in addresses.values()),
        )
        found = {"bot": bot, **dict(zip(addresses, others, strict=True))}
        return {"database": "ok" if database else "down"} | {
            name: "ok" if answers else "degraded" for name, answers in found.items()
        }

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self._parts.database.read(_select_one)
        except (StorageError, TimeoutError):
            return False
        return True


def _select_one(connection: Connection) -> None:
    connection.execute(sa.text("SELECT 1"))


async def _answers(transport: Transport, url: str) -> bool:
    """Any answer under 500 is a sign of life."""
    try:
        answer = await transport.request("GET", url, {}, b"", PROBE_SECONDS)
    except TransportError:
        return False
    return answer.status < 500
