"""A question outside of any form, and the yes that follows it: only a yes in the very next message answers it."""

from rasa_sdk.events import SlotSet

from actions.turn import Event, Turn, turn_id

SLOT = "question"


def put(turn: Turn, topic: str, **about: str) -> Event:
    """Remember what was asked in this turn."""
    return SlotSet(SLOT, {"turn": turn.id, "topic": topic, **about})  # type: ignore[no-any-return]


def put_before(turn: Turn) -> dict[str, str]:
    """What was asked in answer to the person's message before this one, with its `topic`; empty if nothing."""
    question: dict[str, str] = turn.slot(SLOT) or {}
    return question if question.get("turn") == _turn_before(turn.events) else {}


def _turn_before(events: list[Event]) -> str | None:
    said = [place for place, event in enumerate(events) if event.get("event") == "user"]
    return turn_id(events[: said[-1]]) if len(said) > 1 else None
