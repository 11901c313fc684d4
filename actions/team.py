"""A human, and the language to speak: what needs nobody but the conversation itself."""

from actions.spoken import SpokenAction
from actions.turn import LANGUAGES, Event, Turn


class HumanAgent(SpokenAction):
    """Tells how to reach the business's team, and no more than is known."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_human_agent"

    async def answer(self, turn: Turn) -> list[Event]:
        """The number and, where there are any, the hours."""
        if not turn.slot("support_number"):
            turn.say("utter_human_agent_without_number")
        elif turn.slot("support_hours"):
            turn.say("utter_human_agent_with_hours")
        else:
            turn.say("utter_human_agent")
        return []


class ChangeLanguage(SpokenAction):
    """Confirms the language; asks which one when none that we speak was named."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_change_language"

    async def answer(self, turn: Turn) -> list[Event]:
        """The turn channel has set the slot before: the confirmation already speaks the new language."""
        wanted = turn.entity("language")
        turn.say("utter_language_changed" if wanted in LANGUAGES else "utter_ask_language")
        return []
