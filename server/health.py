"""Whether this process lives, and whether it can do its work: the database decides, the rest is reported."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from channels.transport import Transport, TransportError
from conversations.kept import count_open
from notifications import numbers, outages
from server.parts import Parts, utc_now
from storage.database import StorageError

PROBE_SECONDS = 2.0
DATABASE_SECONDS = 3.0

FRESH_SECONDS = 2.0
"""Whoever asks more often gets the last answer: the question is public, and asking costs our neighbours requests."""


def health_routes(parts: Parts, *, in_words: bool = False) -> APIRouter:
    """GET /health/live and /health/ready; `in_words` for our own eyes, with how Meta sees our numbers."""
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
        found = await checkup.findings()
        if found.parts["database"] == "down":
            response.status_code = 503
            return {"status": "down", "parts": found.parts}
        status = "degraded" if "degraded" in found.parts.values() else "ok"
        told = {"numbers": found.numbers} if in_words else {}
        return {"status": status, "parts": found.parts, "unplaced": found.unplaced, **told}

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a look around found."""

    parts: dict[str, str]
    """ok, degraded or (the database) down, by part."""
    unplaced: dict[str, int]
    """How many items of webhooks found no place, by field: `relais inbox` shows and replays them."""
    numbers: dict[str, list[dict[str, Any]]]
    """How Meta sees each number of a business, by its slug, with what is worrying about it in words."""


class Checkup:
    """Asks every part whether it answers; one question at a time, remembered for a moment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asking = asyncio.Lock()
        self._asked_at = -FRESH_SECONDS
        self._found = Findings(parts={}, unplaced={}, numbers={})

    async def findings(self) -> Findings:
        """What was found a moment ago, or now."""
        async with self._asking:
            if time.monotonic() - self._asked_at > FRESH_SECONDS:
                self._found = await self._look()
                self._asked_at = time.monotonic()
            return self._found

    async def _look(self) -> Findings:
        settings = self._parts.settings
        addresses = {
            "actions": urljoin(settings.actions_url, "/health"),
            "backend": settings.backend_url,
            "whatsapp": settings.whatsapp_base_url,
        }
        kept = await self._kept()
        unplaced, seen, providers_are_well = kept or ({}, {}, False)
        bot, *others = await asyncio.gather(
            self._parts.bot.is_ready(),
            *(_answers(self._parts.transports.beside, address) for address in addresses.values()),
        )
        is_well = {
            "inbox": kept is not None and not unplaced,
            "numbers": kept is not None and not any(each["concerns"] for own in seen.values() for each in own),
            "providers": providers_are_well,
            "bot": bot,
            **dict(zip(addresses, others, strict=True)),
        }
        parts = {"database": "down" if kept is None else "ok"} | {
            name: "ok" if well else "degraded" for name, well in is_well.items()
        }
        return Findings(parts=parts, unplaced=unplaced, numbers=seen)

    async def _kept(self) -> tuple[dict[str, int], dict[str, list[dict[str, Any]]], bool] | None:
        """What found no place, how Meta sees our numbers, and whether all providers take messages.

        None when the database does not answer.
        """
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                return await self._parts.database.read(_read_kept)
        except (StorageError, TimeoutError):
            return None


def _read_kept(connection: Connection) -> tuple[dict[str, int], dict[str, list[dict[str, Any]]], bool]:
    seen: dict[str, list[dict[str, Any]]] = {}
    for number in numbers.health(connection, utc_now()):
        # Without its ids: who watches a server need not know whose numbers it has.
        facts = {name: getattr(number, name) for name in ("quality", "status", "messaging_limit")}
        seen.setdefault(number.business, []).append({**facts, "concerns": list(number.concerns)})
    return count_open(connection), seen, not outages.known(connection)


async def _answers(transport: Transport, url: str) -> bool:
    """Any answer under 500 is a sign of life."""
    try:
        answer = await transport.request("GET", url, {}, b"", PROBE_SECONDS)
    except TransportError:
        return False
    return answer.status < 500
