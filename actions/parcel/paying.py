"""How a parcel is paid: as the business likes it best, until the person wants it otherwise."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.checkout.draft import kept_options
from actions.checkout.options import option_buttons
from actions.parcel.confirming import place_asked_again
from actions.parcel.draft import AS_USUAL, FORM, Parcel
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Refused


class AskParcelPayment(CustomerAction):
    """Asks nothing but of those who want to change it: the summary says how it is paid."""

    def name(self) -> str:
        """As Rasa wants it for a slot of parcel_form."""
        return "action_ask_parcel_form_parcel_payment"

    async def answer(self, turn: Turn) -> list[Event]:
        """The ways that are offered, if there is a choice."""
        problem = turn.slot("parcel_problem")
        if problem == "none":
            return _as_usual()
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        draft = Parcel.of(turn, person.currency or turn.slot("currency")).draft
        try:
            quote = await self.backend.quote_mission(customer, draft)
        except Refused as refused:
            return await place_asked_again(self.backend, customer, draft, refused)
        if len(quote.payment_options) < 2:
            return _as_usual()
        text = compose("checkout_payment", turn.language, problem=problem)
        turn.say("utter_checkout_payment", text=text, buttons=option_buttons(quote.payment_options, turn.language))
        return [kept_options(quote.payment_options)]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("create_delivery")


def _as_usual() -> list[Event]:
    return [SlotSet("parcel_payment", AS_USUAL), SlotSet("parcel_problem", "none"), FollowupAction(FORM)]
