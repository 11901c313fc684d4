"""Says welcome once, shows a picture, sets a reminder."""

import os
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, ReminderScheduled, SessionStarted


class SessionStart(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_session_start"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="Welcome to the restaurant.")
        return [SessionStarted(), ActionExecuted("action_listen")]


class Menu(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_menu"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="Today's menu", image=os.environ["PICTURE_URL"])
        return []


class Remind(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_remind"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        # Rasa reads a moment without a zone as one of its own clock.
        soon = datetime.now() + timedelta(seconds=2)  # noqa: DTZ005
        name = f"table of {tracker.sender_id}"  # Rasa's jobs have one name for everybody
        return [ReminderScheduled("EXTERNAL_table_ready", soon, name=name, kill_on_user_message=False)]
