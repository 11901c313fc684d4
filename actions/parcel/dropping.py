"""Giving up a parcel of which nobody knows whether its delivery was created."""

from rasa_sdk.events import SlotSet

from actions.giving_up import GiveUp
from actions.parcel.draft import FORM, Summary, forgotten
from actions.subjects import shown
from actions.turn import Event, Turn
from backend import Customer


class DropParcel(GiveUp[Summary]):
    """Says what became of it: not created and never to be, or created after all."""

    thing, form, made_slot = "parcel", FORM, "parcel_created"
    already = "utter_parcel_already_created"
    no_doubt = "utter_parcel_not_in_doubt"
    doubt_stays = "utter_parcel_doubt_stays"
    still_in_doubt = "utter_parcel_still_in_doubt"
    dropped = "utter_parcel_dropped"

    def name(self) -> str:
        """As in the domain."""
        return "action_drop_parcel"

    def in_doubt(self, turn: Turn) -> Summary | None:
        """The one that was confirmed last."""
        return Summary.in_doubt_of(turn)

    def forgotten(self) -> list[Event]:
        """All its answers."""
        return forgotten()

    async def found(self, turn: Turn, customer: Customer, doubt: Summary, code: str) -> list[Event]:
        """The delivery is on the screen from now on."""
        mission = await self.backend.mission(customer, code)
        turn.say("utter_parcel_was_created", code=mission.code)
        done = {"summary": doubt.id, "code": mission.code}
        return [*forgotten(), SlotSet("parcel_created", done), *shown(mission)]
