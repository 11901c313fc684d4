"""Beginning a form wherever one is: whatever another form asked for waits in its slots."""

from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.turn import Event, Turn


def begin(turn: Turn, form: str, **slots: Any) -> list[Event]:
    """The first question of the form that is still open comes next."""
    leaving = [ActiveLoop(None), SlotSet("requested_slot", None)] if turn.form not in (None, form) else []
    return [*leaving, *(SlotSet(name, value) for name, value in slots.items()), FollowupAction(form)]


def end(turn: Turn, form: str) -> list[Event]:
    """Leave the form, if it is the one that is being asked; nothing more is said."""
    if turn.form != form:
        return []
    return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
