"""The price: asked of the backend for the two places, told with the time of arrival, and a parcel offered for them."""

from rasa_sdk.events import FollowupAction

from actions.answers import PlaceSlot, place_of
from actions.checkout.mending import place_problem
from actions.delivery_price.asked import ENDS, FORM, accepted, forgotten, way_asked
from actions.forms import begin
from actions.parcel.confirming import amiss
from actions.parcel.offered import OFFERED_WAY, offered_way
from actions.people import Person
from actions.questions import put
from actions.shop.cart import Cart
from actions.spoken import CustomerAction, SpokenAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Customer, NotFound, Refused
from trade.markup import plain, shorten
from trade.missions import MissionDraft, MissionQuote
from trade.moments import format_moment
from trade.money import format_money

MAX_ADDRESS_SHOWN = 160  # characters


class TellDeliveryPrice(CustomerAction):
    """Tells what it costs where both places are known; asks for the one that is not."""

    def name(self) -> str:
        """As in the domain."""
        return "action_delivery_price"

    async def answer(self, turn: Turn) -> list[Event]:
        """A question about the price of a way, or the last answer of its form."""
        way = way_asked(turn)
        pickup, dropoff = way["pickup"], way["dropoff"]
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        if pickup is None and dropoff and await self._is_told_of_cart(turn, customer, dropoff):
            return [*forgotten(), put(turn, "cart"), *_then(turn)]
        if pickup is None or dropoff is None:
            return begin(turn, FORM, **accepted(way))
        draft = MissionDraft(pickup=place_of(pickup), dropoff=place_of(dropoff))
        try:
            quote = await self.backend.quote_mission(customer, draft)
        except NotFound:  # who carries nothing for people has no price for it
            turn.say("utter_no_delivery_price")
            return [*forgotten(), *_then(turn)]
        except Refused as refused:
            end, problem = await amiss(self.backend, customer, draft, refused)
            return begin(turn, FORM, **accepted(way) | {f"way_{end}": None, "way_problem": problem})
        _tell(turn, person, pickup, dropoff, quote)
        return [*forgotten(), put(turn, OFFERED_WAY, **offered_way(pickup, dropoff)), *_then(turn)]

    async def _is_told_of_cart(self, turn: Turn, customer: Customer, dropoff: PlaceSlot) -> bool:
        """Who has a cart asks what bringing that costs; False where there is none, or no price for it."""
        cart = Cart.of(turn)
        if cart.is_empty:
            return False
        quote = await self.backend.quote_order(customer, cart.draft(place_of(dropoff)))
        if quote.delivery_fee is None or place_problem(quote):
            return False
        fee, total = format_money(quote.delivery_fee, turn.language), format_money(quote.total, turn.language)
        turn.say("utter_cart_delivery_price", address=_shown(dropoff), fee=fee, total=total)
        return True

    def again(self, turn: Turn) -> str:
        """The same question about what is known by now."""
        return payload("price_question", **offered_way(*(way_asked(turn)[end] for end in ENDS)))


class LeaveWay(SpokenAction):
    """Forgets the way whose price was asked for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_way"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was sent."""
        turn.say("utter_cancelled")
        return forgotten()


def _tell(turn: Turn, person: Person, pickup: PlaceSlot, dropoff: PlaceSlot, quote: MissionQuote) -> None:
    text = compose(
        "delivery_price",
        turn.language,
        pickup=_shown(pickup),
        dropoff=_shown(dropoff),
        price=format_money(quote.total, turn.language),
        arrival=format_moment(quote.expected_at, person.timezone, turn.language),
    )
    send = payload("create_delivery", **offered_way(pickup, dropoff))
    turn.say("utter_delivery_price_told", text=text, send=send)


def _shown(place: PlaceSlot) -> str:
    return shorten(plain(place.get("address") or ""), MAX_ADDRESS_SHOWN)


def _then(turn: Turn) -> list[Event]:
    """The question of another form that waits, else the person."""
    return [FollowupAction(turn.form if turn.form not in (None, FORM) else "action_listen")]
