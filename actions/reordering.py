"""The same again: an order becomes a cart, a delivery a parcel whose questions are answered; nothing is ordered yet."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from rasa_sdk.events import SlotSet

from actions.answers import SKIPPED, place_slot
from actions.forms import begin
from actions.orders.details import show_named
from actions.parcel.draft import ASKED, Summary
from actions.parcel.draft import FORM as PARCEL_FORM
from actions.people import Person
from actions.shop.cart import Cart, CartLine
from actions.shop.cart_view import show_cart
from actions.shop.visit import Visit
from actions.shop.wanted import settled
from actions.subjects import Subject, SubjectAction, is_shown
from actions.turn import Event, Turn
from actions.words import compose
from backend import Customer
from trade.markup import plain, shorten
from trade.missions import Mission
from trade.orders import Order, PricedLine
from trade.problems import ProblemCode

MAX_NAME = 60  # characters
_DELIVERY = re.compile(
    r"(?<!\w)(?:livraison|colis|envoi|course|delivery|parcel|package|shipment)s?(?!\w)", re.IGNORECASE
)

_AGAIN = re.compile(
    r"(?<!\w)(?:re(?:command|fai|fair|pren|pet|mett?|nouv|lanc|demand|do|order|peat|new)|répèt|copi|dupli|m[eê]mes?|mm|again"
    r"|same|encore|nouveau|pareil|bis|habitu|usual|another)",
    re.IGNORECASE,
)


class Reorder(SubjectAction):
    """Fills the cart, or the questions of a parcel, with what was there before."""

    intent = "reorder"
    choose = "utter_history"
    nothing = "utter_nothing_to_reorder"

    def name(self) -> str:
        """As in the domain."""
        return "action_reorder"

    async def answer(self, turn: Turn) -> list[Event]:
        """ "My last order" by itself wants to see it."""
        if turn.entity("latest") and not _AGAIN.search(turn.text):
            return await show_named(turn, self.people, self.backend, datetime.now(UTC))
        return await super().answer(turn)

    def among(self, turn: Turn, subjects: tuple[Subject, ...]) -> list[Subject]:
        """What is on the screen, else the newest: an order, unless a delivery is spoken of."""
        shown = [each for each in subjects if is_shown(turn, each)]
        kind = Mission if _DELIVERY.search(turn.text) and not turn.is_tapped else Order
        alike = [each for each in subjects if isinstance(each, kind)]
        return (shown or alike or list(subjects))[:1]

    async def about(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        """At the prices of now, which are shown before anything is confirmed."""
        if isinstance(subject, Mission):
            if doubt := Summary.in_doubt_of(turn):
                turn.say("utter_parcel_in_doubt", summary=doubt.id)
                return []
            turn.say("utter_parcel_again", code=subject.code)
            return _parcel_again(turn, subject, await self.people.person(turn.sender_id))
        return await self._cart_again(turn, subject)

    async def _cart_again(self, turn: Turn, order: Order) -> list[Event]:
        visit = await Visit.of(self, turn)
        if not visit.cart.is_empty and not turn.entity("replace_cart") and not _holds(visit.cart, order):
            turn.say("utter_reorder_replaces", code=order.code, merchant=_name(visit.cart.merchant or ""))
            return []
        quote = await self.backend.quote_order(visit.customer, order.draft)
        gone = {each.product_id for each in quote.problems if each.code == ProblemCode.PRODUCT_GONE}
        cart = _cart(order, [line for line in order.lines if line.product_id not in gone])
        if cart.is_empty:
            turn.say("utter_reorder_gone", code=order.code)
            return settled(turn)
        names = [_name(line.name) for line in order.lines if line.product_id in gone]
        news = compose("reorder_news", turn.language, code=plain(order.code), gone=names)
        return [*settled(turn), *await show_cart(visit, cart, news)]


def _cart(order: Order, lines: Iterable[PricedLine]) -> Cart:
    """With the prices of then, so that it is told where they have changed."""
    cart = Cart()
    for line in lines:
        again = CartLine(
            product_id=line.product_id,
            name=line.name,
            quantity=line.quantity,
            choices=line.choices,
            choice_names=line.choice_names,
            note=line.note or "",
            shown_price=line.unit_price,
        )
        cart = cart.add(again, order.merchant.id, order.merchant.name)
    return cart


def _holds(cart: Cart, order: Order) -> bool:
    """Whether nothing is lost: what is in the cart is of this order."""
    again = _cart(order, order.lines)
    return cart.merchant_id == again.merchant_id and all(
        any(line.is_same(each) for each in again.lines) for line in cart.lines
    )


def _parcel_again(turn: Turn, mission: Mission, person: Person) -> list[Event]:
    """Its answers, as far as the backend tells them; what is missing is asked."""
    value = mission.value
    answers = {
        "pickup": place_slot(mission.draft.pickup),
        "dropoff": place_slot(mission.draft.dropoff),
        "recipient_name": mission.recipient_name,
        "recipient_phone": mission.recipient_phone,
        "value": str(value.amount) if value and value.currency == person.currency else SKIPPED,
        "note": mission.note or SKIPPED,
    }
    slots = {f"parcel_{field}": answers[field] for field in ASKED}
    fresh = {"parcel_confirmed": None, "parcel_quote": None, "parcel_problem": "none", "parcel_attempts": 0}
    return [SlotSet("requested_slot", None), *begin(turn, PARCEL_FORM, **slots, **fresh)]


def _name(text: str) -> str:
    return shorten(plain(text), MAX_NAME)
