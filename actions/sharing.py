"""A delivery for others to follow: a link to its public page."""

from rasa_sdk.events import SlotSet

from actions.deliveries import delivery_rows, under_way
from actions.spoken import CustomerAction
from actions.subjects import Unknown, code_of_message, named_delivery
from actions.turn import Event, Turn, payload
from backend import Customer, NotFound
from trade.missions import Mission


class ShareTracking(CustomerAction):
    """Makes a link to the delivery in question, which the person hands on as they like."""

    def name(self) -> str:
        """As in the domain."""
        return "action_share_tracking"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the code of the message, else of what is on the screen, else of what is under way."""
        customer = await self.people.customer(turn.sender_id)
        match await named_delivery(turn, self.backend, customer) or await self._shown(turn, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case Mission() as mission:
                return await self._share(turn, mission)
        missions = await self.backend.missions(customer)
        match under_way(missions) or missions:
            case ():
                turn.say("utter_no_deliveries")
                return []
            case (only,):
                return await self._share(turn, only)
            case several:
                rows = delivery_rows(several, "share_tracking", turn.language)
                turn.say("utter_choose_shared_delivery", buttons=rows)
                return []

    def again(self, turn: Turn) -> str:
        """The link to the same delivery."""
        return payload("share_tracking", **code_of_message(turn))

    async def _shown(self, turn: Turn, customer: Customer) -> Mission | None:
        code = turn.slot("shown_delivery")
        try:
            return await self.backend.mission(customer, code) if code else None
        except NotFound:
            return None

    async def _share(self, turn: Turn, mission: Mission) -> list[Event]:
        url = await self.people.tracking_link(turn.sender_id, mission.code)
        turn.say("utter_tracking_link", code=mission.code, url=url)
        return [SlotSet("shown_delivery", mission.code)]
