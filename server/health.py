"""Whether this process lives, and whether it can do its work: the database decides, the rest is reported."""

import asyncio
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


def health_routes(parts: Parts) -> APIRouter:
    """GET /health/live and /health/ready."""
    router = APIRouter(prefix="/health", tags=["health"])

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
        database, bot, *others = await asyncio.gather(
            _database_answers(parts),
            parts.bot.is_ready(),
            *(_answers(parts.transports.beside, address) for address in _addresses(parts).values()),
        )
        found = {"bot": bot, **dict(zip(_addresses(parts), others, strict=True))}
        states = {"database": "ok" if database else "down"}
        states |= {name: "ok" if works else "degraded" for name, works in found.items()}
        if not database:
            response.status_code = 503
        overall = "down" if not database else "ok" if all(found.values()) else "degraded"
        return {"status": overall, "parts": states}

    return router


def _addresses(parts: Parts) -> dict[str, str]:
    return {
        "actions": urljoin(parts.settings.actions_url, "/health"),
        "backend": parts.settings.backend_url,
        "whatsapp": parts.settings.whatsapp_base_url,
    }


async def _database_answers(parts: Parts) -> bool:
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await parts.database.read(_select_one)
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
