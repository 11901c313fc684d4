"""What something costs: a product that is named or on the screen, else a delivery."""

import re
from dataclasses import replace

from rasa_sdk.events import FollowupAction

from actions.questions import put
from actions.shop.acting import ShopAction
from actions.shop.browsing import PAGE, show_products
from actions.shop.cards import show_product
from actions.shop.cart_view import show_cart
from actions.shop.matching import bare
from actions.shop.visit import Visit, searched
from actions.shop.wishes import Wish, read_wishes
from actions.turn import Event, Turn, payload
from actions.ways import read_way

WAY_WANTED = "way"  # the topic of the request for both places

# Beside these words, what is asked about is a delivery.
_DELIVERY = frozenset(
    [
        "livraison",
        "livraisons",
        "livrer",
        "course",
        "courses",
        "trajet",
        "transport",
        "envoi",
        "envois",
        "expedition",
        "colis",
        "paquet",
        "frais",
        "km",
        "kilometre",
        "kilometres",
        "devis",
        "tarifaire",
        "grille",
        "express",
        "delivery",
        "deliveries",
        "shipping",
        "shipment",
        "ride",
        "parcel",
        "parcels",
        "package",
        "packages",
        "fee",
        "fees",
        "quote",
        "rates",
        "rate",
        "trip",
        "courier",
        "livreur",
        "moto",
    ]
)

_TOTAL = re.compile(r"(?<!\w)(?:en tout|au total|total|in all|altogether|en somme|tout ca)(?!\w)")


class PriceQuestion(ShopAction):
    """Answers with the product, whose card tells the price; or with what a delivery costs."""

    def name(self) -> str:
        """As in the domain."""
        return "action_price_question"

    async def answer(self, turn: Turn) -> list[Event]:
        """A way has its price; what is named and found is a product; what is not found may be a place to deliver to."""
        visit = await Visit.of(self, turn)
        if await _is_of_a_way(visit):
            return [FollowupAction("action_delivery_price")]
        wishes = () if turn.is_tapped else read_wishes(turn.text)
        named = [wish for wish in wishes if wish.words]
        is_delivery = not turn.is_tapped and _is_delivery(turn.text)
        if named and not is_delivery:
            return await _tell(visit, named[0])
        if not visit.cart.is_empty and not is_delivery and _TOTAL.search(bare(turn.text)):
            return await show_cart(visit, visit.cart)
        shown = turn.slot("shown_product")
        if shown and not is_delivery and not turn.is_tapped:
            product = await visit.product(shown)
            if product is not None:
                return await show_product(visit, product)
        turn.say("utter_delivery_price")
        return [put(turn, WAY_WANTED)]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("price_question")


def _is_delivery(text: str) -> bool:
    return any(bare(word) in _DELIVERY for wish in read_wishes(text) for word in wish.words.split())


async def _is_of_a_way(visit: Visit) -> bool:
    """ "De Bacongo à Moungali"; but "le riz à Bacongo" is rice. A tap goes on with a way that is half known."""
    turn = visit.turn
    if turn.is_tapped:
        return any(turn.entity(name) for name in ("offered_pickup", "offered_dropoff")) or any(
            turn.slot(name) for name in ("way_pickup", "way_dropoff")
        )
    way = read_way(turn.text)
    named = way.pickup or way.dropoff
    if named is None:
        return False
    return _is_delivery(turn.text) or not (await visit.find(Wish(words=named))).products


async def _tell(visit: Visit, wish: Wish) -> list[Event]:
    found = await visit.find(replace(wish, quantity=None))
    if len(found.products) == 1:
        return await show_product(visit, found.products[0])
    if found.products:
        return show_products(visit, found.products[:PAGE])
    visit.turn.say("utter_price_of_what", words=searched(wish.words))
    return []
