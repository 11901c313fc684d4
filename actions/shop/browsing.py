"""What is for sale: kinds of shop, merchants, their products, and what a search finds."""

from collections.abc import Sequence

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.shop.acting import ShopAction
from actions.shop.cards import card, category_row, merchant_row, merchant_text, show_product
from actions.shop.matching import category_of, merchant_named
from actions.shop.noting import noted
from actions.shop.visit import Visit, searched
from actions.shop.wishes import Wish, read_wishes
from actions.turn import Event, Turn, payload
from actions.words import compose
from trade.markup import plain
from trade.merchants import Merchant
from trade.products import Product

PAGE = 10  # cards of a carousel, rows of a list
ASKED_FOR = ("product_id", "merchant_id", "category_id", "cursor", "query", "all_products")
FORM = "shop_form"


class BrowseProducts(ShopAction):
    """Shows what was tapped, what the message asks for, or what there is."""

    def name(self) -> str:
        """As in the domain."""
        return "action_browse_products"

    async def answer(self, turn: Turn) -> list[Event]:
        """A tap leaves the question that was open; a question in between does not."""
        visit = await Visit.of(self, turn)
        events = await self._show(visit)
        if turn.form == FORM and turn.is_tapped:
            leaving = [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("shop_question", None)]
            return [*events, *leaving, FollowupAction("action_listen")]
        return events

    def again(self, turn: Turn) -> str:
        """What was asked for."""
        wanted = {name: value for name in ASKED_FOR if (value := turn.entity(name))}
        if not turn.is_tapped and (words := " ".join(wish.words for wish in read_wishes(turn.text)).strip()):
            wanted["query"] = words
        return payload("browse_products", **wanted)

    async def _show(self, visit: Visit) -> list[Event]:
        turn = visit.turn
        if product_id := turn.entity("product_id"):
            product = await visit.product(product_id)
            if product is not None:
                return await show_product(visit, product)
            turn.say("utter_product_gone")
            return []
        if turn.entity("all_products") or turn.entity("cursor"):
            return await show_page(visit)
        if merchant_id := turn.entity("merchant_id"):
            return await _show_merchant(visit, await visit.merchant(merchant_id))
        if category_id := turn.entity("category_id"):
            return await _show_merchants(visit, category_id)
        if query := turn.entity("query"):
            return await search(visit, (Wish(words=query),))
        wishes = () if turn.is_tapped else read_wishes(turn.text)
        if noted(visit, wishes) is not None:
            return [FollowupAction("action_order_product")]
        return await search(visit, wishes)


async def search(visit: Visit, wishes: Sequence[Wish]) -> list[Event]:
    """What the words ask for: a kind of shop, a merchant, a product, several; without words, all there is."""
    words = " ".join(wish.words for wish in wishes if wish.words)
    if not words:
        return await show_overview(visit)
    if category := category_of(words, await visit.categories()):
        return await _show_merchants(visit, category.id)
    if len(several := [wish for wish in wishes if wish.words]) > 1 and (all_found := await _find_all(visit, several)):
        return show_products(visit, all_found[:PAGE])
    wish = Wish(words=words, size=next((wish.size for wish in wishes if wish.size), ""))
    found, merchants = await visit.find_with_merchants(wish)
    if merchant := merchant_named(words, merchants):
        return await _show_merchant(visit, merchant)
    if len(found.products) == 1:
        return await show_product(visit, found.products[0])
    if found.products:
        return show_products(visit, found.products[:PAGE])
    if found.near:
        text = compose("shop_near", visit.language, words=searched(words))
        return show_products(visit, found.near[:PAGE], text)
    visit.turn.say("utter_product_not_found", words=searched(words))
    return []


async def _find_all(visit: Visit, wishes: Sequence[Wish]) -> tuple[Product, ...]:
    """What each of them finds, for "lait, sucre et huile"; nothing where one of them finds nothing."""
    found = [(await visit.find(wish)).products for wish in wishes]
    return tuple({product.id: product for each in found for product in each}.values()) if all(found) else ()


async def show_overview(visit: Visit) -> list[Event]:
    """The kinds of shop; where there are none, the merchants; where there is one, what it sells."""
    categories = await visit.categories()
    if len(categories) > 1:
        visit.turn.say("utter_categories", buttons=[category_row(category, visit.language) for category in categories])
        return []
    return await _show_merchants(visit, None)


async def show_page(visit: Visit) -> list[Event]:
    """One page of products: of a merchant, or of all."""
    turn = visit.turn
    merchant_id, cursor = turn.entity("merchant_id"), turn.entity("cursor")
    page = await visit.backend.product_page(visit.customer, merchant_id=merchant_id, limit=PAGE, cursor=cursor)
    if not page.items:
        turn.say("utter_no_products")
        return []
    events = show_products(visit, page.items)
    if page.next_cursor:
        of = {"merchant_id": merchant_id} if merchant_id else {}
        turn.say("utter_more_products", more=payload("browse_products", cursor=page.next_cursor, **of))
    return events


def show_products(visit: Visit, products: Sequence[Product], text: str | None = None) -> list[Event]:
    """Side by side, under a text or under the usual one."""
    elements = [card(product, visit.language) for product in products]
    if text is None:
        visit.turn.say("utter_products", elements=elements)
    else:
        visit.turn.say("utter_products", elements=elements, text=text)
    return [SlotSet("shown_products", [product.id for product in products])]


async def _show_merchants(visit: Visit, category_id: str | None) -> list[Event]:
    merchants = await visit.merchants(category_id=category_id)
    if len(merchants) == 1:
        return await _show_merchant(visit, merchants[0])
    if merchants:
        visit.turn.say("utter_merchants", buttons=[merchant_row(visit, merchant) for merchant in merchants])
        return []
    return await show_page(visit)


async def _show_merchant(visit: Visit, merchant: Merchant | None) -> list[Event]:
    if merchant is None:
        return await show_overview(visit)
    page = await visit.backend.product_page(visit.customer, merchant_id=merchant.id, limit=PAGE)
    text = merchant_text(visit, merchant)
    if not page.items:
        visit.turn.say("utter_merchant_empty", merchant=plain(merchant.name))
        return []
    shown = show_products(visit, page.items, text)
    if page.next_cursor:
        more = payload("browse_products", cursor=page.next_cursor, merchant_id=merchant.id)
        visit.turn.say("utter_more_products", more=more)
    return [*shown, SlotSet("shown_merchant", merchant.id)]
