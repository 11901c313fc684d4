"""One order on the screen: what was bought, what it costs, how far it is, and what may be done with it."""

from datetime import datetime

from actions.delays import explain_delay
from actions.deliveries import show_delivery
from actions.orders.options import option_rows
from actions.people import PeopleClient
from actions.subjects import Subject, Unknown, named_subject, shown
from actions.turn import Event, Turn
from backend import BackendClient, Customer, NotFound
from channels.whatsapp.limits import MAX_INTERACTIVE_BODY, length
from trade.missions import Mission
from trade.order_text import render_order
from trade.orders import Order


async def show_named(turn: Turn, people: PeopleClient, backend: BackendClient, now: datetime) -> list[Event]:
    """The order or delivery that the message names by its code or as the last one; whether it is late, if asked."""
    customer, timezone = await people.customer(turn.sender_id), (await people.person(turn.sender_id)).timezone
    match await named_subject(turn, backend, customer):
        case Unknown(code=code):
            turn.say("utter_delivery_not_found", code=code)
            return []
        case None:
            turn.say("utter_no_deliveries")
            return []
        case Order() as order:
            mission = await _mission_of(order, backend, customer)
            if mission and turn.intent == "delivery_delay":
                explain_delay(turn, mission, timezone, now)
            return _show_order(turn, order, mission, timezone)
        case mission:
            if turn.intent == "delivery_delay":
                explain_delay(turn, mission, timezone, now)
            return [show_delivery(turn, mission, timezone)]


def names_order(turn: Turn) -> bool:
    """Whether the message names an order, or the last of what was ordered and sent."""
    return bool(turn.entity("order_code") or turn.entity("latest"))


def _show_order(turn: Turn, order: Order, mission: Mission | None, timezone: str) -> list[Event]:
    text = render_order(order, mission, timezone, turn.language)
    rows = option_rows(order, turn.language)
    if length(text) <= MAX_INTERACTIVE_BODY:
        turn.say("utter_order", text=text, buttons=rows)
    else:
        turn.say_text(text)
        turn.say("utter_order", buttons=rows)
    return shown(order)


async def _mission_of(subject: Subject, backend: BackendClient, customer: Customer) -> Mission | None:
    """The delivery that brings it; an order is worth showing without."""
    if isinstance(subject, Mission) or subject.mission_code is None:
        return None
    try:
        return await backend.mission(customer, subject.mission_code)
    except NotFound:
        return None
