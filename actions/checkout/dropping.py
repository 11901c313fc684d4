"""Giving up an order of which nobody knows whether it was placed: the backend finds out, and sees that it is not."""

from rasa_sdk.events import SlotSet

from actions.checkout.draft import FORM, Summary, emptied, forgotten
from actions.forms import end
from actions.spoken import CustomerAction
from actions.subjects import shown
from actions.turn import Event, Turn, payload
from backend import BackendUnavailable, Customer, InDoubt, NotFound, write_key


class DropOrder(CustomerAction):
    """Says what became of it: not placed and never to be, or placed after all."""

    def name(self) -> str:
        """As in the domain."""
        return "action_drop_order"

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask the backend under the key with which the order was, or was not, placed."""
        summary, tapped = Summary.of(turn), turn.entity("order_summary")
        placed = turn.slot("order_placed") or {}
        if tapped and tapped == placed.get("summary"):
            turn.say("utter_order_already_placed", code=placed["code"], delivery=placed["delivery"])
            return []
        if summary is None or not summary.in_doubt or tapped not in (None, summary.id):
            turn.say("utter_order_not_in_doubt")
            return []
        customer = await self.people.customer(turn.sender_id)
        try:
            withdrawn = await self.backend.withdraw(customer, summary.key, key=write_key(turn.id, "withdraw_order"))
        except NotFound:  # who has no such call cannot tell; from here nothing will be tried again
            turn.say("utter_order_doubt_stays")
            return [*forgotten(), *end(turn, FORM)]
        except (InDoubt, BackendUnavailable):
            turn.say("utter_order_still_in_doubt", summary=summary.id)
            return end(turn, FORM)
        if withdrawn.code is None:
            turn.say("utter_order_dropped")
            return [*forgotten(), *end(turn, FORM)]
        return [*await self._placed(turn, customer, summary, withdrawn.code), *end(turn, FORM)]

    def again(self, turn: Turn) -> str:
        """The same wish."""
        summary = Summary.of(turn)
        return payload("cancel", order_summary=summary.id) if summary else payload("help")

    async def _placed(self, turn: Turn, customer: Customer, summary: Summary, code: str) -> list[Event]:
        """It was: the person sees it, and decides whether to call it off."""
        order = await self.backend.order(customer, code)
        delivery = order.mission_code or order.code
        turn.say("utter_order_was_placed", code=order.code, delivery=delivery)
        done = {"summary": summary.id, "code": order.code, "delivery": delivery}
        return [*forgotten(), *emptied(turn, summary.wish), SlotSet("order_placed", done), *shown(order)]
