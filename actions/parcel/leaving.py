"""Leaving the parcel that is being asked for."""

from rasa_sdk.events import FollowupAction

from actions.parcel.draft import forgotten
from actions.spoken import SpokenAction
from actions.turn import Event, Turn


class LeaveParcel(SpokenAction):
    """Forgets the parcel that was being asked for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was sent, so nothing is to be undone; a button that gives up another one is about that one."""
        if turn.entity("parcel_summary"):
            return [FollowupAction("action_drop_parcel")]
        turn.say("utter_parcel_left")
        return forgotten()
