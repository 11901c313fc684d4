"""A human, and the language to speak: what needs no delivery and no product."""

from actions.people import PeopleClient, PeopleError
from actions.spoken import SpokenAction
from actions.turn import LANGUAGES, Event, Turn, payload
from actions.words import compose


class HumanAgent(SpokenAction):
    """Tells how to reach the business's team, and no more than is known."""

    def __init__(self, people: PeopleClient) -> None:
        """Learn the hours from `people`."""
        self._people = people

    def name(self) -> str:
        """As in the domain."""
        return "action_human_agent"

    async def answer(self, turn: Turn) -> list[Event]:
        """The number and, where there are any, the hours."""
        hours = await self._hours(turn)
        if not turn.slot("support_number"):
            turn.say("utter_human_agent_without_number")
        elif hours:
            turn.say("utter_human_agent_with_hours", hours=hours)
        else:
            turn.say("utter_human_agent")
        return []

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("human_agent")

    async def _hours(self, turn: Turn) -> str:
        try:
            person = await self._people.person(turn.sender_id)
        except PeopleError:
            return ""  # the number alone helps more than an apology
        return compose("hours", turn.language, hours=person.support_hours)


class ChangeLanguage(SpokenAction):
    """Confirms the language; asks which one when none that we speak was named."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_language"

    async def answer(self, turn: Turn) -> list[Event]:
        """The turn channel has set the slot before: the confirmation already speaks the new language."""
        wanted = turn.entity("language")
        turn.say("utter_language_changed" if wanted in LANGUAGES else "utter_ask_language")
        return []
