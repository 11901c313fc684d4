"""A person's deliveries: which are under way, and how they read, alone and as rows of a list."""

from collections.abc import Iterable

from rasa_sdk.events import SlotSet

from actions.turn import Event, Row, Turn, payload
from channels.whatsapp.limits import MAX_INTERACTIVE_BODY, MAX_ROW_DESCRIPTION, MAX_ROW_TITLE, length
from trade.markup import plain, shorten
from trade.missions import Mission
from trade.timeline import render_timeline, status_label


def under_way(missions: Iterable[Mission]) -> tuple[Mission, ...]:
    """Those that may still change; a status we do not know is no end."""
    return tuple(mission for mission in missions if mission.is_under_way)


def show_delivery(turn: Turn, mission: Mission, timezone: str) -> Event:
    """The timeline by the clocks of `timezone`, the buttons in the same message when both fit."""
    response = "utter_delivery" if mission.assigned_courier else "utter_delivery_without_courier"
    timeline = render_timeline(mission, turn.language, timezone)
    if length(timeline) <= MAX_INTERACTIVE_BODY:
        turn.say(response, text=timeline, code=mission.code)
    else:
        turn.say_text(timeline)
        turn.say(response, code=mission.code)
    return SlotSet("shown_delivery", mission.code)  # type: ignore[no-any-return]


def delivery_rows(missions: Iterable[Mission], intent: str, language: str, **more: str) -> list[Row]:
    """One row per delivery: its code, then where it stands and where it goes."""
    return [
        {
            "title": shorten(plain(mission.code), MAX_ROW_TITLE),
            "description": _description(mission, language),
            "payload": payload(intent, delivery_code=mission.code, **more),
        }
        for mission in missions
    ]


def _description(mission: Mission, language: str) -> str:
    parts = (status_label(mission.status, language), plain(mission.dropoff_address or ""))
    return shorten(" · ".join(part for part in parts if part), MAX_ROW_DESCRIPTION)
