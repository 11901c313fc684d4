"""The answer "I will be there" to a pushed reminder: thanks, or what has become of the delivery meanwhile.

That it was answered, the services have kept and told the business (notifications/answers.py).
"""

from rasa_sdk.events import SlotSet

from actions.deliveries import show_delivery
from actions.people import PeopleError
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from backend import BackendError
from trade.missions import Mission


class ConfirmReminder(CustomerAction):
    """Says what was noted, and for which delivery."""

    def name(self) -> str:
        """As in the domain."""
        return "action_confirm_reminder"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nobody need be there for what was cancelled or has arrived since."""
        code = turn.entity("delivery_code")
        if code is None:
            turn.say("utter_affirm")
            return []
        mission = await self._find(turn, code)
        if mission is not None and not mission.is_under_way:
            return [show_delivery(turn, mission, (await self.people.person(turn.sender_id)).timezone)]
        turn.say("utter_reminder_confirmed", code=code)
        return [SlotSet("shown_delivery", code)]

    def again(self, turn: Turn) -> str:
        """Where it is."""
        code = turn.entity("delivery_code")
        return payload("track_delivery", **({"delivery_code": code} if code else {}))

    async def _find(self, turn: Turn, code: str) -> Mission | None:
        """None where it is another's, who has it sent to this person, or where nobody can tell."""
        try:
            return await self.backend.mission(await self.people.customer(turn.sender_id), code)
        except (BackendError, PeopleError):
            return None
