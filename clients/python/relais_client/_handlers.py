"""Tells Relais of a change of a mission or an order, so that calling twice is telling once.

The objects are those of the backend contract (docs/backend.md), as mappings. The event's id is made of what happened,
to what, and when; Relais takes the same id once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

from relais_client import _asking
from relais_client._asking import To
from relais_client._call import Call, Known
from relais_client._values import Taken

ORDER_EVENTS: Final[Mapping[str, str]] = {"preparing": "confirmed"}
"""Statuses of an order whose event is called otherwise: once it is being prepared, the merchant has taken it."""

TOLD_BY_THE_ORDER: Final = frozenset({"pickup_arrived", "cancelled"})
"""Of a mission that brings an order. Whoever ordered hands nothing over, and hears that the order is cancelled."""

CUSTOMER: Final = frozenset({"customer", "customer_phone"})


def on_mission_status_changed(
    mission: Mapping[str, Any], *, tell: Mapping[str, To] | None = None
) -> Call[Taken | None] | Known[Taken | None]:
    """Tell that a mission has the status it has now. Returns None where there is nothing to tell.

    `tell` names who else is to be told: `{"courier": {"id": "courier-3", "phone": "+242…"}}`.
    """
    code, status = _text("mission", mission, "code"), _text("mission", mission, "status")
    if mission.get("order_code") and status in TOLD_BY_THE_ORDER:
        if not tell:
            return Known(None)
        # The customer hears of it with their order.
        mission = {name: value for name, value in mission.items() if name not in CUSTOMER}
    reached_at = (mission.get("steps") or {}).get(status)
    return _event(f"mission.{status}", code, mission, reached_at, tell)


def on_mission_delayed(mission: Mapping[str, Any]) -> Call[Taken]:
    """Tell that a mission comes later than promised: `delay` says why and by how much. Told once for each delay."""
    code, delay = _text("mission", mission, "code"), mission.get("delay") or {}
    told = f"{delay.get('reason')}-{delay.get('minutes')}"
    return _asking.event("mission.delayed", mission, id=f"mission.delayed:{code}:{told}")


def on_order_status_changed(order: Mapping[str, Any], *, tell: Mapping[str, To] | None = None) -> Call[Taken]:
    """Tell that an order has the status it has now."""
    code, status = _text("order", order, "code"), _text("order", order, "status")
    return _event(f"order.{ORDER_EVENTS.get(status, status)}", code, order, None, tell)


def _event(
    type: str, code: str, told: Mapping[str, Any], reached_at: Any, tell: Mapping[str, To] | None
) -> Call[Taken]:
    """The id also tells things apart that had the same code at other times."""
    at = _moment(reached_at)
    since = at or _moment(told.get("created_at"))
    when = "" if since is None else f":{since.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    return _asking.event(type, told, tell=tell, id=f"{type}:{code}{when}", occurred_at=at)


def _text(kind: str, told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"the {kind} has no {name}")
    return value


def _moment(told: Any) -> datetime | None:
    """As a moment, from one or from its text; None where nobody can tell when that is."""
    if isinstance(told, str):
        try:
            told = datetime.fromisoformat(told.replace("Z", "+00:00"))
        except ValueError:
            return None
    return told if isinstance(told, datetime) and told.tzinfo is not None else None
