"""Asking what the cart costs, before each question that depends on it."""

from dataclasses import dataclass, replace

from rasa_sdk.events import FollowupAction

from actions.checkout.draft import FORM, asked_again, laid_aside
from actions.checkout.mending import Change, mend, place_problem, stopping
from actions.people import Person
from actions.shop.cart import Cart
from actions.turn import Event, Turn
from actions.words import compose
from backend import BackendClient, Customer
from trade.markup import plain, shorten
from trade.moments import format_moment
from trade.money import format_money
from trade.orders import OrderQuote
from trade.places import Place
from trade.problems import Problem, ProblemCode

MAX_QUOTES = 3  # what is short, then what is amiss without it: a third change at once is the business's own muddle
MAX_PRODUCT_SHOWN = 60  # characters

LISTEN = FollowupAction("action_listen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A cart as it can be ordered now, and what had to be changed about it."""

    cart: Cart
    quote: OrderQuote
    changes: tuple[Change, ...] = ()

    @property
    def events(self) -> list[Event]:
        """Keeps the cart where it was changed."""
        return [self.cart.event()] if self.changes else []


async def priced(backend: BackendClient, customer: Customer, cart: Cart, dropoff: Place | None) -> Priced:
    """What the cart costs there, what is short taken out of it. The cart is not empty; what is left of it may be."""
    found = Priced(cart=cart, quote=await backend.quote_order(customer, cart.draft(dropoff)))
    for _ in range(MAX_QUOTES - 1):
        mended, changes = mend(found.cart, found.quote)
        if not changes:
            break
        found = replace(found, cart=mended, changes=(*found.changes, *changes))
        if mended.is_empty:
            break
        found = replace(found, quote=await backend.quote_order(customer, mended.draft(dropoff)))
    return found


def in_the_way(turn: Turn, person: Person, found: Priced) -> list[Event] | None:
    """Says what keeps the cart from being ordered, and what to do next; None where nothing does."""
    if found.cart.is_empty:
        turn.say("utter_checkout_all_gone", text=told(found.changes, turn.language))
        return [*found.events, *laid_aside(), LISTEN]
    if stop := stopping(found.quote):
        if found.changes:
            turn.say_text(told(found.changes, turn.language))
        _stop(turn, person, found, stop)
        return [*found.events, *laid_aside(), LISTEN]
    if amiss := place_problem(found.quote):
        return [*found.events, *asked_again("dropoff", amiss), FollowupAction(FORM)]
    return None


def told(changes: tuple[Change, ...], language: str) -> str:
    """What is not as the person left it, a line each."""
    said = [
        {
            "kind": change.kind,
            "name": shorten(plain(change.name), MAX_PRODUCT_SHOWN),
            "left": change.left,
            "minimum": format_money(change.minimum, language) if change.minimum else "",
        }
        for change in changes
    ]
    return compose("checkout_changes", language, changes=said)


def _stop(turn: Turn, person: Person, found: Priced, stop: Problem) -> None:
    seller = found.quote.merchant.name if found.quote.merchant else found.cart.merchant
    merchant = shorten(plain(seller or ""), MAX_PRODUCT_SHOWN)
    match stop.code:
        case ProblemCode.MERCHANT_CLOSED:
            opens = format_moment(stop.opens_at, person.timezone, turn.language) if stop.opens_at else ""
            turn.say(
                "utter_checkout_closed", text=compose("checkout_closed", turn.language, name=merchant, opens=opens)
            )
        case ProblemCode.SEVERAL_MERCHANTS:
            turn.say("utter_checkout_several_merchants")
        case ProblemCode.CHOICES_WRONG:
            line = next((each for each in found.cart.lines if each.product_id == stop.product_id), found.cart.lines[0])
            name = shorten(plain(line.name), MAX_PRODUCT_SHOWN)
            turn.say("utter_checkout_choice_gone", product=name, product_id=line.product_id)
        case _:
            minimum = format_money(stop.minimum, turn.language) if stop.minimum else "…"
            turn.say("utter_checkout_below_minimum", merchant=merchant, minimum=minimum)
