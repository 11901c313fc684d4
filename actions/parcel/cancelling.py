"""Calling off: the parcel that is being asked for, or a delivery while that is allowed."""

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.deliveries import delivery_rows
from actions.parcel.draft import FORM, forgotten
from actions.spoken import CustomerAction, SpokenAction
from actions.turn import Event, Turn, payload
from backend import Customer, InDoubt, NotFound, Refused, write_key
from trade.missions import Allowed, Mission, MissionStatus
from trade.problems import ProblemCode


class LeaveParcel(SpokenAction):
    """Forgets the parcel that was being asked for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was sent, so nothing is to be undone."""
        turn.say("utter_parcel_left")
        return forgotten()


class CancelDelivery(CustomerAction):
    """Asks whether one is sure, then calls the delivery off."""

    def name(self) -> str:
        """As in the domain."""
        return "action_cancel_delivery"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the code of the message; in the middle of asking for a parcel, that one is meant."""
        code = turn.entity("delivery_code")
        if code is None and turn.form == FORM:
            turn.say("utter_parcel_left")
            leaving = [ActiveLoop(None), SlotSet("requested_slot", None)]
            return [*leaving, *forgotten(), FollowupAction("action_listen")]
        customer = await self.people.customer(turn.sender_id)
        if code is None:
            return await self._choose(turn, customer)
        try:
            mission = await self.backend.mission(customer, code)
            if turn.entity("confirmed") and _may_be_cancelled(mission):
                mission = await self._cancel(turn, customer, mission)
        except NotFound:
            turn.say("utter_delivery_not_found", code=code)
            return []
        except InDoubt:
            turn.say("utter_cancel_in_doubt", code=code)
            return []
        return _tell(turn, mission)

    def again(self, turn: Turn) -> str:
        """The same delivery; once one was sure, still."""
        code = turn.entity("delivery_code")
        if code is None:
            return payload("cancel_order")
        sure = {"confirmed": "yes"} if turn.entity("confirmed") else {}
        return payload("cancel_order", delivery_code=code, **sure)

    async def _choose(self, turn: Turn, customer: Customer) -> list[Event]:
        missions = await self.backend.missions(customer)
        cancellable = tuple(mission for mission in missions if _may_be_cancelled(mission))
        shown = tuple(mission for mission in cancellable if mission.code == turn.slot("shown_delivery"))
        match shown or cancellable:
            case ():
                turn.say("utter_nothing_cancellable")
                return []
            case (only,):
                return _tell(turn, only)
            case several:
                turn.say("utter_choose_cancelled", buttons=delivery_rows(several, "cancel_order", turn.language))
                return []

    async def _cancel(self, turn: Turn, customer: Customer, mission: Mission) -> Mission:
        """Where it has gone too far meanwhile, as it is now."""
        key = write_key(turn.id, "cancel_delivery")
        try:
            return await self.backend.cancel_mission(customer, mission.code, key=key)
        except Refused as refused:
            if refused.code != ProblemCode.TOO_LATE_TO_CANCEL:
                raise
            return await self.backend.mission(customer, mission.code)


def _may_be_cancelled(mission: Mission) -> bool:
    return Allowed.CANCEL in mission.allowed


def _tell(turn: Turn, mission: Mission) -> list[Event]:
    if mission.known_status is MissionStatus.CANCELLED:
        turn.say("utter_delivery_cancelled", code=mission.code)
    elif _may_be_cancelled(mission):
        turn.say("utter_confirm_cancel", code=mission.code)
    else:
        turn.say("utter_too_late_to_cancel", code=mission.code)
    return [SlotSet("shown_delivery", mission.code)]
