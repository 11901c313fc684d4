"""Two questions that depend on what is known: where the person was brought something before, and how one may pay."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.answers import SKIPPED, place_slot
from actions.checkout.draft import FORM, dropoff, kept_options, payment_slot
from actions.checkout.options import option_buttons
from actions.checkout.quoting import in_the_way, priced, told
from actions.shop.cart import Cart
from actions.spoken import CustomerAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from backend import BackendClient, BackendError, Customer
from trade.markup import plain, shorten
from trade.payments import PaymentMethod, PaymentOption
from trade.places import Place

MAX_ADDRESS_SHOWN = 160  # characters

#: What one pays with where a business names no way at all.
CASH = PaymentOption(method=PaymentMethod.CASH)


class AskDropoff(CustomerAction):
    """Asks where it goes; the address of the last time is a tap away."""

    def name(self) -> str:
        """As Rasa wants it for the first slot of checkout_form."""
        return "action_ask_checkout_form_checkout_dropoff"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing is suggested right after it would not do."""
        problem = turn.slot("checkout_problem")
        suggested = await self._suggested(turn) if problem == "none" else None
        address = shorten(plain(suggested.address or ""), MAX_ADDRESS_SHOWN) if suggested else ""
        text = compose(
            "checkout_dropoff", turn.language, problem=problem, is_known=suggested is not None, address=address
        )
        turn.say("utter_checkout_dropoff", text=text, buttons=_dropoff_buttons(turn, suggested))
        return [SlotSet("checkout_suggested", place_slot(suggested) if suggested else None)]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("checkout")

    async def _suggested(self, turn: Turn) -> Place | None:
        """Where their last order went, else where their last parcel was picked up. Without a backend, nothing."""
        customer = await self.people.customer(turn.sender_id)
        try:
            return await last_place(self.backend, customer)
        except BackendError:
            return None


class AskPayment(CustomerAction):
    """Asks how it is to be paid, where there is a choice."""

    def name(self) -> str:
        """As Rasa wants it for a slot of checkout_form."""
        return "action_ask_checkout_form_checkout_payment"

    async def answer(self, turn: Turn) -> list[Event]:
        """The quote tells what is offered, and also whether the address will do."""
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        cart = Cart.of(turn)
        if cart.is_empty:  # emptied meanwhile: the summary says so
            return [SlotSet("checkout_payment", payment_slot(CASH)), FollowupAction(FORM)]
        found = await priced(self.backend, customer, cart, dropoff(turn))
        if (stopped := in_the_way(turn, person, found)) is not None:
            return stopped
        if found.changes:
            turn.say_text(told(found.changes, turn.language))
        options = found.quote.payment_options or (CASH,)
        if len(options) == 1:
            chosen = SlotSet("checkout_payment", payment_slot(options[0]))
            return [*found.events, kept_options(options), chosen, FollowupAction(FORM)]
        text = compose("checkout_payment", turn.language, problem=turn.slot("checkout_problem"))
        turn.say("utter_checkout_payment", text=text, buttons=option_buttons(options, turn.language))
        return [*found.events, kept_options(options)]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("checkout")


async def last_place(backend: BackendClient, customer: Customer) -> Place | None:
    """Where the courier last came for this person."""
    for order in (await backend.orders(customer, 1)).items:
        return order.dropoff
    for mission in await backend.missions(customer, 1):
        return mission.draft.pickup if place_slot(mission.draft.pickup) else None
    return None


def _dropoff_buttons(turn: Turn, suggested: Place | None) -> list[Row]:
    """The address of the last time, somebody else's, and the way out."""
    wanted = ["usual_place"] if suggested else []
    wanted += ["for_somebody"] if turn.slot("checkout_recipient_name") == SKIPPED else []
    payloads = {
        "usual_place": payload("affirm", usual_place="yes"),
        "for_somebody": payload("change_address", checkout_field="recipient_name"),
        "cancel": payload("cancel"),
    }
    return [
        {"title": compose("checkout_button", turn.language, button=each), "payload": payloads[each]}
        for each in [*wanted, "cancel"]
    ]
