"""What is wrong with the house, at the desk: what stands, who is on it, who is told, what was wrong before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.engine import Connection

from server.alerts import notices, saying, standing
from server.alerts.notices import Untold
from server.alerts.standing import MOST, Alert
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from server.settings import Settings
from staff import Act
from staff.audit import Deed, keep

type Watcher = Annotated[Visit, needs(Act.READ_HEALTH)]
type Taker = Annotated[Visit, needs(Act.TAKE_ALERTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An alert in the reader's words."""

    alert: Alert
    summary: str
    advice: str
    untold: Sequence[Untold] = ()
    """Whom nobody could tell of it."""


def alert_routes(desk: Desk) -> APIRouter:
    """/health/alerts, what was wrong before; a button of what is; and how many there are, for the menu."""
    router, pages = APIRouter(prefix="/health"), _Alerts(desk)
    router.get("/alerts")(pages.history)
    router.get("/count")(pages.count)
    router.post("/alerts/{alert_id}/take")(pages.take)
    return router


class _Alerts:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def history(self, visit: Watcher, before: UUID | None = None) -> Response:
        """The newest first, a page at a time."""
        found = await self._database.read(standing.history, str(before) if before else None)
        following = found[-1].id if len(found) == MOST else None
        shown = [_shown(each, visit) for each in found]
        return self._desk.page(visit, "console/alerts.html", alerts=shown, following=following)

    async def count(self, visit: Watcher) -> Response:
        """How many things are wrong, for the menu; nothing where all is well."""
        found = await self._database.read(standing.count)
        return Response(str(found) if found else "")

    async def take(self, visit: Taker, alert_id: UUID) -> Response:
        """Somebody says that they are on it."""
        is_theirs = await self._database.write(_take, visit, str(alert_id))
        return self._desk.go("/health", done="alerts.done.taken" if is_theirs else "alerts.done.gone")


def situation(connection: Connection, visit: Visit) -> list[Shown]:
    """What is wrong now, with what nobody could be told of it."""
    found = standing.standing(connection)
    unreached = notices.untold(connection, [each.id for each in found])
    return [_shown(each, visit, [one for one in unreached if one.alert_id == each.id]) for each in found]


def who_is_told(settings: Settings) -> dict[str, Any]:
    """As the settings have it; of the webhook's address nothing, for it may hold a secret."""
    return {"addresses": settings.alert_addresses, "webhook": bool(settings.alert_webhook.get_secret_value())}


def _shown(alert: Alert, visit: Visit, untold: Sequence[Untold] = ()) -> Shown:
    language = visit.language
    return Shown(
        alert=alert, summary=saying.summary(alert, language), advice=saying.advice(alert, language), untold=untold
    )


def _take(connection: Connection, visit: Visit, alert_id: str) -> bool:
    if not standing.acknowledge(connection, alert_id, visit.member.id, visit.now):
        return False
    subject = ("alert", alert_id)
    keep(
        connection,
        Deed.ALERT_ACKNOWLEDGED,
        visit.now,
        member_id=visit.member.id,
        subject=subject,
        address=visit.address,
    )
    return True
