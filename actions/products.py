"""What is for sale: all of it side by side, and each product on its own with the way to the next one."""

from actions.spoken import CustomerAction
from actions.turn import Element, Event, Turn, payload
from actions.words import compose
from trade.markup import plain, shorten
from trade.money import format_money
from trade.products import Product

MAX_NAME = 120  # characters; with the description's, a caption stays far under WhatsApp's 1 024
MAX_DESCRIPTION = 500
MAX_CARD_NAME = 60  # characters; with price and merchant, a card stays under WhatsApp's 160
MAX_CARD_MERCHANT = 40


class BrowseProducts(CustomerAction):
    """Shows what is for sale, or the product that was tapped."""

    def name(self) -> str:
        """As in the domain."""
        return "action_browse_products"

    async def answer(self, turn: Turn) -> list[Event]:
        """The product of the button that was tapped, else all of them."""
        customer = await self.people.customer(turn.sender_id)
        products = await self.backend.products(customer)
        places = {product.id: place for place, product in enumerate(products)}
        place = places.get(turn.entity("product_id") or "", 0 if len(products) == 1 else None)
        if not products:
            turn.say("utter_no_products")
        elif place is None:
            turn.say("utter_products", elements=[_card(product, turn.language) for product in products])
        else:
            _show(turn, products, place)
        return []

    def again(self, turn: Turn) -> str:
        """The same product."""
        wanted = turn.entity("product_id")
        return payload("browse_products", product_id=wanted) if wanted else payload("browse_products")


def _card(product: Product, language: str) -> Element:
    """One of several: with a photo each they stand side by side, else they are rows of a list."""
    subtitle = compose(
        "product_card",
        language,
        price=format_money(product.price, language),
        merchant=shorten(plain(product.merchant or ""), MAX_CARD_MERCHANT),
        available=product.available,
    )
    button = {
        "type": "postback",
        "title": compose("product_button", language),
        "payload": payload("browse_products", product_id=product.id),
    }
    card = {"title": shorten(plain(product.name), MAX_CARD_NAME), "subtitle": subtitle, "buttons": [button]}
    return {**card, "image_url": product.photo_url} if product.photo_url else card


def _show(turn: Turn, products: tuple[Product, ...], place: int) -> None:
    product = products[place]
    caption = _caption(product, turn.language, f"{place + 1}/{len(products)}")
    if place + 1 < len(products):
        turn.say("utter_product", caption=caption, image=product.photo_url, next=products[place + 1].id)
    else:
        turn.say("utter_last_product", caption=caption, image=product.photo_url)


def _caption(product: Product, language: str, position: str) -> str:
    return compose(
        "product",
        language,
        position=position,
        name=shorten(plain(product.name), MAX_NAME),
        description=shorten(plain(product.description or ""), MAX_DESCRIPTION),
        price=format_money(product.price, language),
        merchant=shorten(plain(product.merchant or ""), MAX_NAME),
        available=product.available,
    )
