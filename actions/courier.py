"""How to reach the courier: a contact card, or the reason why there is none yet."""

from rasa_sdk.events import SlotSet

from actions.contact import contact_card
from actions.deliveries import delivery_rows, under_way
from actions.spoken import CustomerAction
from actions.subjects import Unknown, code_of_message, named_delivery
from actions.turn import Event, Turn, payload
from actions.whereabouts import WhereIsCourier
from trade.markup import plain
from trade.missions import Mission


class ContactCourier(CustomerAction):
    """Sends the courier's card of the delivery in question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_contact_courier"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the code of the message, else of what is on the screen, else of what is under way."""
        if turn.entity("whereabouts"):
            return await WhereIsCourier(self.people, self.backend).answer(turn)
        customer = await self.people.customer(turn.sender_id)
        match await named_delivery(turn, self.backend, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case Mission() as mission:
                return _introduce(turn, mission)
        open_ones = under_way(await self.backend.missions(customer))
        shown = tuple(mission for mission in open_ones if mission.code == turn.slot("shown_delivery"))
        match shown or open_ones:
            case ():
                turn.say("utter_no_active_delivery")
                return []
            case (only,):
                return _introduce(turn, only)
            case several:
                rows = delivery_rows(several, "contact_courier", turn.language)
                turn.say("utter_choose_courier", buttons=rows)
                return []

    def again(self, turn: Turn) -> str:
        """The courier of the same delivery."""
        return payload("contact_courier", **code_of_message(turn))


def _introduce(turn: Turn, mission: Mission) -> list[Event]:
    courier = mission.assigned_courier
    card = contact_card(courier.name, courier.phone, courier.organization) if courier else None
    if courier is None:
        turn.say("utter_no_courier_yet", code=mission.code)
    elif card is None:
        turn.say("utter_courier_without_number", code=mission.code, courier=plain(courier.name))
    else:
        turn.say("utter_courier_contact", code=mission.code)
        turn.send(card)
    return [SlotSet("shown_delivery", mission.code)]
