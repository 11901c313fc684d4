"""A carousel, a flow, a product list or an order that Meta would refuse cannot be made."""

from collections.abc import Callable
from typing import Any

import pytest

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    Button,
    Card,
    CardLink,
    Carousel,
    Catalog,
    Flow,
    Image,
    InvalidMessage,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
    Video,
)

PHOTO = Image(link="https://photos.example/colis.jpg")
FILM = Video(link="https://photos.example/depot.mp4")
LINK = CardLink(title="Voir", url="https://kimia.example/d/1")
LINKED = Card(header=PHOTO, link=LINK)


def button(number: int, title: str = "Commander") -> Button:
    return Button(id=f"t-{number}", title=title)


def tappable(*numbers: int) -> Card:
    return Card(header=PHOTO, buttons=tuple(button(number, f"Bouton {number}") for number in numbers))


def a_carousel(*cards: Card) -> Carousel:
    return Carousel(body="Trois tailles", cards=cards)


def a_flow(**changed: Any) -> Flow:
    return Flow(**{"body": "a", "title": "Ouvrir", "token": "f-1", "id": "4", "screen": "DAYS", **changed})


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"end": 1}
    for _ in range(depth):
        inner = {"a": inner}
    return inner


def products(*sections: ProductSection, **changed: Any) -> ProductList:
    return ProductList(**{"header": "a", "body": "b", "catalog_id": "5", "sections": sections, **changed})


def section(title: str | None, count: int) -> ProductSection:
    return ProductSection(title=title, product_retailer_ids=tuple(f"sac-{number}" for number in range(count)))


def details(**payment: Any) -> OrderDetails:
    return OrderDetails(body="a", reference_id="7", payment=payment)


REFUSED: dict[str, tuple[str, Callable[[], Any]]] = {
    "one card": ("Carousel.cards", lambda: a_carousel(LINKED)),
    "no card": ("Carousel.cards", lambda: a_carousel()),
    "eleven cards": ("Carousel.cards", lambda: a_carousel(*[LINKED] * 11)),
    "buttons on one card and a link on the other": (
        "Carousel.cards.buttons",
        lambda: a_carousel(tappable(1), LINKED),
    ),
    "two buttons on one card and one on the other": (
        "Carousel.cards.buttons",
        lambda: a_carousel(tappable(1, 2), tappable(3)),
    ),
    "a picture on one card and a film on the other": (
        "Carousel.cards.header",
        lambda: a_carousel(LINKED, Card(header=FILM, link=LINK)),
    ),
    "one id on two cards": ("Carousel.cards.buttons.id", lambda: a_carousel(tappable(1), tappable(1))),
    "a card with an upload": ("Card.header", lambda: Card(header=Image(id="3"), link=LINK)),
    "a card with a captioned picture": (
        "Card.header",
        lambda: Card(header=Image(link="https://photos.example/a.jpg", caption="a"), link=LINK),
    ),
    "a card of four lines": ("Card.body", lambda: Card(header=PHOTO, link=LINK, body="a\nb\nc\nd")),
    "a card with neither": ("Card.buttons", lambda: Card(header=PHOTO)),
    "a card with both": ("Card.link", lambda: Card(header=PHOTO, link=LINK, buttons=(button(1),))),
    "a card with four buttons": ("Card.buttons", lambda: tappable(1, 2, 3, 4)),
    "a card with one title twice": (
        "Card.buttons.title",
        lambda: Card(header=PHOTO, buttons=(button(1), button(2))),
    ),
    "a card to a script": ("CardLink.url", lambda: CardLink(title="a", url="javascript:alert(1)")),
    "a flow without id or name": ("Flow.id", lambda: a_flow(id=None)),
    "a flow with id and name": ("Flow.id", lambda: a_flow(name="rendez-vous")),
    "a flow of a blank name": ("Flow.name", lambda: a_flow(id=None, name=" ")),
    "a flow with an emoji on its button": ("Flow.title", lambda: a_flow(title="Ouvrir 🚀")),
    "a flow with a flag on its button": ("Flow.title", lambda: a_flow(title="🇨🇬")),
    "a flow without a token": ("Flow.token", lambda: a_flow(token="")),
    "a flow to nowhere": ("Flow.screen", lambda: a_flow(screen=None)),
    "a flow with empty data": ("Flow.data", lambda: a_flow(data={})),
    "a flow with a list for data": ("Flow.data", lambda: a_flow(data=["a"])),
    "a flow with a number that is none": ("Flow.data", lambda: a_flow(data={"a": [float("nan")]})),
    "a flow with half an emoji": ("Flow.data", lambda: a_flow(data={"a": {"b": "\ud83d"}})),
    "a flow with a NUL in a name": ("Flow.data", lambda: a_flow(data={"a\x00": 1})),
    "a flow with a number for a name": ("Flow.data", lambda: a_flow(data={"a": {1: 1}})),
    "a flow with what is no JSON": ("Flow.data", lambda: a_flow(data={"a": {1, 2}})),
    "a flow with data without end": ("Flow.data", lambda: a_flow(data=nested(2_000))),
    "a flow with data for an endpoint": (
        "Flow.screen",
        lambda: a_flow(action="data_exchange", screen=None, data={"a": 1}),
    ),
    "a flow with a screen for an endpoint": ("Flow.screen", lambda: a_flow(action="data_exchange")),
    "a flow of no known action": ("Flow.action", lambda: a_flow(action="jump")),
    "a flow of no known mode": ("Flow.mode", lambda: a_flow(mode="secret")),
    "no product": ("ProductSection.product_retailer_ids", lambda: section("a", 0)),
    "31 products": ("ProductSection.product_retailer_ids", lambda: section("a", 31)),
    "31 products in two sections": (
        "ProductList.sections.product_retailer_ids",
        lambda: products(section("a", 30), section("b", 1)),
    ),
    "a blank product": (
        "ProductSection.product_retailer_ids",
        lambda: ProductSection(title="a", product_retailer_ids=(" ",)),
    ),
    "no section of products": ("ProductList.sections", lambda: products()),
    "eleven sections of products": (
        "ProductList.sections",
        lambda: products(*(section(f"s{number}", 1) for number in range(11))),
    ),
    "products without a title": ("ProductList.sections.title", lambda: products(section("a", 1), section(None, 1))),
    "products under one title twice": (
        "ProductList.sections.title",
        lambda: products(section("a", 1), section("a", 1)),
    ),
    "products without a header": ("ProductList.header", lambda: products(section("a", 1), header=None)),
    "products under a picture": ("ProductList.header", lambda: products(section("a", 1), header=PHOTO)),
    "a product of no catalogue": ("Product.catalog_id", lambda: Product(catalog_id="", product_retailer_id="7")),
    "a product without a number": (
        "Product.product_retailer_id",
        lambda: Product(catalog_id="5", product_retailer_id=""),
    ),
    "a catalogue with a blank thumbnail": (
        "Catalog.thumbnail_product_retailer_id",
        lambda: Catalog(body="a", thumbnail_product_retailer_id=""),
    ),
    "an order without a payment": ("OrderDetails.payment", lambda: details()),
    "an order named twice": ("OrderDetails.payment", lambda: details(reference_id="8")),
    "an order without a name": (
        "OrderDetails.reference_id",
        lambda: OrderDetails(body="a", reference_id="", payment={"currency": "INR"}),
    ),
    "an order in no state": ("OrderStatus.status", lambda: OrderStatus(body="a", reference_id="7", status="")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_field_named(name: str) -> None:
    field, make = REFUSED[name]

    with pytest.raises(InvalidMessage) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.problem


def test_the_edges_of_counts_are_allowed() -> None:
    a_carousel(*[LINKED] * limits.MIN_CARDS)
    a_carousel(*[LINKED] * limits.MAX_CARDS)
    a_carousel(tappable(1, 2, 3), tappable(4, 5, 6))
    Card(header=PHOTO, link=LINK, body="a\nb\nc")
    products(section("a", limits.MAX_PRODUCTS - 1), section("b", 1))


def test_the_cards_of_a_carousel_may_share_their_titles() -> None:
    same = [Card(header=PHOTO, buttons=(button(number),)) for number in range(2)]

    assert len(a_carousel(*same).cards) == 2


def test_the_data_of_a_flow_may_hold_any_json() -> None:
    data: dict[str, Any] = {"a": [1, 2.5, None, True, "é", {"b": []}]}

    assert a_flow(data=data).data == data
