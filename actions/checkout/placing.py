"""The yes: the order is placed, once, however often its button is tapped."""

from dataclasses import replace

from rasa_sdk.events import FollowupAction, SlotSet

from actions.checkout.draft import FORM, Summary, asked_again, emptied, forgotten
from actions.checkout.mending import PLACE_PROBLEMS, PROMO_PROBLEMS, STOPPING
from actions.checkout.paying import paid_next
from actions.people import Person
from actions.spoken import CustomerAction
from actions.subjects import shown
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Customer, InDoubt, Refused
from trade.moments import format_moment
from trade.orders import Order
from trade.problems import ProblemCode

#: What the next summary tells by itself, because the quote says it too.
TOLD_BY_THE_QUOTE = frozenset(
    {
        ProblemCode.PRICE_CHANGED,
        ProblemCode.OUT_OF_STOCK,
        ProblemCode.PRODUCT_GONE,
        *STOPPING,
        *PLACE_PROBLEMS,
        *PROMO_PROBLEMS,
    }
)


class PlaceOrder(CustomerAction):
    """Orders what the summary says, under its id."""

    def name(self) -> str:
        """As in the domain."""
        return "action_place_order"

    async def answer(self, turn: Turn) -> list[Event]:
        """Place what was confirmed; tell what became of an earlier tap."""
        summary, tapped = Summary.of(turn), turn.entity("order_summary")
        placed = turn.slot("order_placed") or {}
        if tapped and tapped == placed.get("summary"):
            turn.say("utter_order_already_placed", code=placed["code"], delivery=placed["delivery"])
            return []
        if summary is None or not summary.id or (tapped and tapped != summary.id):
            return self._gone(turn)
        # What may have been placed is found out as it was confirmed, whatever was changed since.
        if not summary.in_doubt and (turn.form == FORM or not summary.still_holds(turn)):
            turn.say("utter_order_summary_replaced")
            return [*self.forget(), FollowupAction(FORM)]
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        try:
            order = await self._place(customer, summary)
        except Refused as refused:
            return [*self.forget(), summary.used_up(), *_asked_after(turn, refused)]
        except InDoubt:
            turn.say("utter_order_in_doubt", summary=summary.id)
            return [*self.forget(), replace(summary, in_doubt=True).event()]
        return _told(turn, person, summary, order)

    def again(self, turn: Turn) -> str:
        """The same summary, so the same key."""
        summary = Summary.of(turn)
        return payload("affirm", order_summary=summary.id) if summary and summary.id else payload("checkout")

    def forget(self) -> list[Event]:
        """The yes alone: what was said stays for the next try."""
        return [SlotSet("checkout_confirmed", None)]

    def _gone(self, turn: Turn) -> list[Event]:
        turn.say("utter_order_summary_gone")
        return self.forget()

    async def _place(self, customer: Customer, summary: Summary) -> Order:
        wish = summary.wish
        return await self.backend.place_order(
            customer,
            wish.draft,
            wish.payment,
            wish.total,
            recipient=wish.recipient,
            note=wish.note,
            key=summary.key,
        )


def _asked_after(turn: Turn, refused: Refused) -> list[Event]:
    """What must be asked before another try; the backend keeps its no under the key of this one."""
    if refused.code == ProblemCode.PAYMENT_METHOD_UNAVAILABLE:
        return [*asked_again("payment", "unavailable"), FollowupAction(FORM)]
    if refused.code in TOLD_BY_THE_QUOTE:
        return [FollowupAction(FORM)]
    turn.say("utter_apology", again=payload("checkout"))
    return []


def _told(turn: Turn, person: Person, summary: Summary, order: Order) -> list[Event]:
    """The code, and how to pay where that is still to be done."""
    delivery = order.mission_code or order.code
    arrival = format_moment(order.expected_at, person.timezone, turn.language) if order.expected_at else ""
    text = compose("checkout_placed", turn.language, code=order.code, arrival=arrival)
    turn.say("utter_order_placed", text=text, code=order.code, delivery=delivery)
    done = {"summary": summary.id, "code": order.code, "delivery": delivery}
    remembered = [*forgotten(), *emptied(turn, summary.wish), SlotSet("order_placed", done), *shown(order)]
    return [*remembered, *paid_next(turn, order.payment)]
