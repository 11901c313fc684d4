"""How products and merchants look: cards side by side, rows of a list, and one product with its photo."""

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.shop.opening import opens
from actions.shop.visit import Visit
from actions.turn import Element, Event, Row, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.merchants import Category, Merchant
from trade.money import format_money
from trade.products import Choice, Option, Product

MAX_NAME = 120  # characters; with the rest, a caption stays under WhatsApp's 1 024
MAX_DESCRIPTION = 350
MAX_OPTIONS_SHOWN, MAX_CHOICES_SHOWN, MAX_CHOICE = 4, 6, 30
MAX_CARD_NAME = 60  # characters; with price and merchant, a card stays under WhatsApp's 160
MAX_CARD_MERCHANT = 40


def is_sold_out(product: Product) -> bool:
    """Whether it cannot be had now."""
    return not product.available or product.in_stock == 0


def card(product: Product, language: str) -> Element:
    """One of several: with a photo each they stand side by side, else they are rows of a list."""
    subtitle = compose(
        "product_card",
        language,
        price=format_money(product.price, language),
        merchant=shorten(plain(product.merchant or ""), MAX_CARD_MERCHANT),
        available=not is_sold_out(product),
    )
    button = {
        "type": "postback",
        "title": compose("product_button", language),
        "payload": payload("browse_products", product_id=product.id),
    }
    shown = {"title": shorten(plain(product.name), MAX_CARD_NAME), "subtitle": subtitle, "buttons": [button]}
    return {**shown, "image_url": product.photo_url} if product.photo_url else shown


async def show_product(visit: Visit, product: Product) -> list[Event]:
    """Photo, price, options, whether it can be had, and the buttons, in one message."""
    merchant = await visit.merchant(product.merchant_id) if product.merchant_id else None
    others = {"merchant_id": product.merchant_id} if product.merchant_id else {}
    response = "utter_product_away" if is_sold_out(product) else "utter_product"
    visit.turn.say(
        response,
        caption=_caption(visit, product, merchant),
        image=product.photo_url,
        add=payload("order_product", product_id=product.id),
        others=payload("browse_products", **others),
    )
    return [SlotSet("shown_product", product.id)]


def merchant_row(visit: Visit, merchant: Merchant) -> Row:
    """Its name, and whether it is open."""
    description = compose(
        "shop_merchant_row",
        visit.language,
        open=merchant.open_now,
        opens=opens(merchant.opens_at, visit.person.timezone, visit.language, visit.now),
        description=plain(merchant.description or ""),
    )
    return {
        "title": shorten(plain(merchant.name), MAX_ROW_TITLE),
        "description": shorten(description, MAX_ROW_DESCRIPTION),
        "payload": payload("browse_products", merchant_id=merchant.id),
    }


def category_row(category: Category, language: str) -> Row:
    """Its name, in the person's language where the business has one."""
    return {
        "title": shorten(plain(category.name_in(language)), MAX_ROW_TITLE),
        "payload": payload("browse_products", category_id=category.id),
    }


def merchant_text(visit: Visit, merchant: Merchant) -> str:
    """What stands above what it sells."""
    return compose(
        "shop_merchant",
        visit.language,
        name=shorten(plain(merchant.name), MAX_NAME),
        open=merchant.open_now,
        opens=opens(merchant.opens_at, visit.person.timezone, visit.language, visit.now),
        minutes=merchant.preparation_minutes,
        minimum=format_money(merchant.minimum, visit.language) if merchant.minimum else "",
    )


def choice_name(choice: Choice, language: str) -> str:
    """ "Double portion (+500 FCFA)"."""
    name = shorten(plain(choice.name), MAX_CHOICE)
    return f"{name} (+{format_money(choice.extra, language)})" if choice.extra and choice.extra.amount else name


def available_choices(option: Option) -> tuple[Choice, ...]:
    """What can be chosen now."""
    return tuple(choice for choice in option.choices if choice.available)


def _caption(visit: Visit, product: Product, merchant: Merchant | None) -> str:
    language = visit.language
    opens_at = merchant.opens_at if merchant else None
    return compose(
        "product",
        language,
        name=shorten(plain(product.name), MAX_NAME),
        description=shorten(plain(product.description or ""), MAX_DESCRIPTION),
        price=format_money(product.price, language),
        merchant=shorten(plain(product.merchant or ""), MAX_CARD_MERCHANT),
        closed=merchant is not None and not merchant.open_now,
        opens=opens(opens_at, visit.person.timezone, language, visit.now),
        available=product.available,
        stock=product.in_stock,
        options=_options(product.options, language),
    )


def _options(options: Sequence[Option], language: str) -> list[dict[str, object]]:
    return [
        {
            "name": shorten(plain(option.name), MAX_CHOICE),
            "required": option.at_least > 0,
            "choices": [choice_name(choice, language) for choice in available_choices(option)[:MAX_CHOICES_SHOWN]],
        }
        for option in options[:MAX_OPTIONS_SHOWN]
    ]
