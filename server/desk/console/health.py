"""The page Health: whether every part answers, what waits and for how long, how Meta sees our numbers."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from notifications import numbers
from notifications.numbers import NumberHealth
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from server.health import Checkup
from server.watching import depths
from server.watching.depths import Depths
from staff import Act

type Watcher = Annotated[Visit, needs(Act.READ_HEALTH)]


def health_routes(desk: Desk) -> APIRouter:
    """/health, and /health/now, the piece that renews itself."""
    router = APIRouter()
    checkup = Checkup(desk.parts)

    @router.get("/health")
    async def health(visit: Watcher) -> Response:
        """The page."""
        return desk.page(visit, "console/health.html", **await _found(visit))

    @router.get("/health/now")
    async def now(visit: Watcher) -> Response:
        """What is so now."""
        return desk.piece(visit, "console/health_now.html", **await _found(visit))

    async def _found(visit: Visit) -> dict[str, Any]:
        waiting, seen = await desk.parts.database.read(_read, visit)
        findings = await checkup.findings()
        return {"answers": findings.parts, "unplaced": findings.unplaced, "waiting": waiting, "numbers": seen}

    return router


def _read(connection: Connection, visit: Visit) -> tuple[Depths, list[tuple[str, NumberHealth]]]:
    theirs = {house.slug: house.name for house in visit.of(visit.member.reach(Act.READ_HEALTH))}
    known = numbers.health(connection, visit.now)
    seen = [(theirs[each.business], each) for each in known if each.business in theirs]
    return depths.read(connection), seen
