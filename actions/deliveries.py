"""Deliveries as rows of a list, for whoever has to ask which one."""

from collections.abc import Iterable

from actions.turn import Row, payload
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.missions import Mission
from trade.timeline import status_label


def delivery_rows(missions: Iterable[Mission], intent: str, language: str) -> list[Row]:
    """One row per delivery: its code, then where it stands and where it goes."""
    return [
        {
            "title": shorten(plain(mission.code), MAX_ROW_TITLE),
            "description": _description(mission, language),
            "payload": payload(intent, delivery_code=mission.code),
        }
        for mission in missions
    ]


def _description(mission: Mission, language: str) -> str:
    parts = (status_label(mission.status, language), plain(mission.dropoff_address or ""))
    return shorten(" · ".join(part for part in parts if part), MAX_ROW_DESCRIPTION)
