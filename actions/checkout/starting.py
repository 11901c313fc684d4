"""The way from the cart to the order: what can be ordered now, then the questions."""

from rasa_sdk.events import FollowupAction

from actions.checkout.draft import FORM, Summary, begun, laid_aside
from actions.checkout.quoting import in_the_way, priced, told
from actions.shop.cart import Cart
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload


class StartCheckout(CustomerAction):
    """Begins to ask what an order needs, or goes on; says at once what cannot be ordered."""

    def name(self) -> str:
        """As in the domain."""
        return "action_checkout"

    async def answer(self, turn: Turn) -> list[Event]:
        """While nobody knows whether the last order was placed, find that out first."""
        if doubt := Summary.in_doubt_of(turn):
            turn.say("utter_order_in_doubt", summary=doubt.id)
            return []
        cart = Cart.of(turn)
        if cart.is_empty:
            turn.say("utter_checkout_empty")
            return []
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        found = await priced(self.backend, customer, cart, None)  # an address is looked at when it is asked for
        if (stopped := in_the_way(turn, person, found)) is not None:
            return stopped
        if found.changes:
            turn.say_text(told(found.changes, turn.language))
        return [*found.events, *laid_aside(), *begun(turn), FollowupAction(FORM)]

    def again(self, turn: Turn) -> str:
        """The same wish."""
        return payload("checkout")
