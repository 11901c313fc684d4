"""The page Health: what is wrong, whether every part answers, what waits, how Meta sees our numbers and tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from notifications import numbers
from notifications.numbers import NumberHealth
from server.alerts.rules import BY_NAME
from server.desk.console.alerts import Shown, situation, who_is_told
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from server.health import Checkup
from server.token_age import keeping as token_age
from server.token_age.keeping import KnownToken
from server.watching import depths
from server.watching.depths import Depths
from staff import Act

type Watcher = Annotated[Visit, needs(Act.READ_HEALTH)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the database tells a page."""

    wrong: list[Shown]
    waiting: Depths
    numbers: list[tuple[str, NumberHealth]]
    """With the name of their business."""
    tokens: Mapping[str, KnownToken]
    """By phone_number_id."""


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
        seen = await desk.parts.database.read(_read, visit)
        findings = await checkup.findings()
        return {
            "wrong": seen.wrong,
            "told": who_is_told(desk.parts.settings),
            "answers": findings.parts,
            "unplaced": findings.unplaced,
            "waiting": seen.waiting,
            "numbers": seen.numbers,
            "tokens": {number: (each, _standing(each, visit)) for number, each in seen.tokens.items()},
        }

    return router


def _read(connection: Connection, visit: Visit) -> _Seen:
    theirs = {house.slug: house.name for house in visit.of(visit.member.reach(Act.READ_HEALTH))}
    known = numbers.health(connection, visit.now)
    return _Seen(
        wrong=situation(connection, visit),
        waiting=depths.read(connection),
        numbers=[(theirs[each.business], each) for each in known if each.business in theirs],
        tokens={each.phone_number_id: each for each in token_age.listed(connection)},
    )


def _standing(token: KnownToken, visit: Visit) -> str:
    """well, soon, refused or unknown: as the alerts judge it."""
    if token.is_valid is None:
        return "unknown"
    if not token.is_valid:
        return "refused"
    left = None if token.ends_at is None else (token.ends_at - visit.now).total_seconds()
    return "soon" if left is not None and left < BY_NAME["RelaisTokenEnds"].limit else "well"
