"""Giving up an order of which nobody knows whether it was placed."""

from rasa_sdk.events import SlotSet

from actions.checkout.draft import FORM, Summary, emptied, forgotten
from actions.giving_up import GiveUp
from actions.subjects import shown
from actions.turn import Event, Turn
from backend import Customer


class DropOrder(GiveUp[Summary]):
    """Says what became of it: not placed and never to be, or placed after all."""

    thing, form, made_slot = "order", FORM, "order_placed"
    already = "utter_order_already_placed"
    no_doubt = "utter_order_not_in_doubt"
    doubt_stays = "utter_order_doubt_stays"
    still_in_doubt = "utter_order_still_in_doubt"
    dropped = "utter_order_dropped"

    def name(self) -> str:
        """As in the domain."""
        return "action_drop_order"

    def in_doubt(self, turn: Turn) -> Summary | None:
        """The one that was confirmed last."""
        return Summary.in_doubt_of(turn)

    def forgotten(self) -> list[Event]:
        """All but the cart."""
        return forgotten()

    async def found(self, turn: Turn, customer: Customer, doubt: Summary, code: str) -> list[Event]:
        """The order as it is, and the delivery that brings it."""
        order = await self.backend.order(customer, code)
        delivery = order.mission_code or order.code
        turn.say("utter_order_was_placed", code=order.code, delivery=delivery)
        done = {"summary": doubt.id, "code": order.code, "delivery": delivery}
        return [*forgotten(), *emptied(turn, doubt.wish), SlotSet("order_placed", done), *shown(order)]
