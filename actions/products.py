"""What is for sale: one product per message, its photo above, the way to the next one below."""

from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from trade.markup import plain, shorten
from trade.money import format_money
from trade.products import Product

MAX_NAME = 120  # characters; with the description's, a caption stays far under WhatsApp's 1 024
MAX_DESCRIPTION = 500

PHOTO_SCHEMES = ("https://", "http://")  # what WhatsApp can be asked to fetch


class BrowseProducts(CustomerAction):
    """Shows the products one after the other."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_browse_products"

    async def answer(self, turn: Turn) -> list[Event]:
        """The product of the button that was tapped, else the first."""
        customer = await self.people.customer(turn.sender_id)
        products = await self.backend.products(customer)
        if not products:
            turn.say("utter_no_products")
            return []
        place = _place(products, turn.entity("product_id"))
        _show(turn, products, place)
        return []

    def again(self, turn: Turn) -> str:
        """The same product."""
        wanted = turn.entity("product_id")
        return payload("browse_products", product_id=wanted) if wanted else payload("browse_products")


def _place(products: tuple[Product, ...], wanted: str | None) -> int:
    """Where the product stands; the first when none was wanted or it is sold no longer."""
    ids = [product.id for product in products]
    return ids.index(wanted) if wanted in ids else 0


def _show(turn: Turn, products: tuple[Product, ...], place: int) -> None:
    product = products[place]
    caption = _caption(product, turn.language, f"{place + 1}/{len(products)}")
    image = product.photo_url if (product.photo_url or "").startswith(PHOTO_SCHEMES) else None
    if place + 1 < len(products):
        turn.say("utter_product", caption=caption, image=image, next=products[place + 1].id)
    else:
        turn.say("utter_last_product", caption=caption, image=image)


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
