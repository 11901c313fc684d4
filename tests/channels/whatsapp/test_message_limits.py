"""No text of a message is longer than Meta allows, blank, or made of what cannot be sent, in whatever script."""

from collections.abc import Callable
from typing import Any

import pytest

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    Catalog,
    ContactRequest,
    CopyCodeButton,
    CtaUrl,
    Document,
    Flow,
    Image,
    InvalidMessage,
    List,
    LocationRequest,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
    QuickReplyButton,
    Row,
    Section,
    Template,
    Text,
    TextValue,
    UrlButton,
    Video,
    VoiceCallButton,
)

PAGE = "https://kimia.example/s/7"
PHOTO = Image(link="https://photos.example/colis.jpg")
CALL = Button(id="t-1", title="Appeler")
TRACK = Row(id="t-2", title="Suivre")
CARD = Card(header=PHOTO, link=CardLink(title="Voir", url=PAGE))
PRODUCTS = (ProductSection(product_retailer_ids=("sac-12",)),)

SCRIPTS = {
    "latin": "a",
    "emoji": "😀",
    "flags": "🇨🇬",
    "families": "👨‍👩‍👧‍👦",
    "combining marks": "e\u0301",
    "arabic": "مُ",
}


def of_length(piece: str, units: int) -> str:
    whole = piece * (units // length(piece))
    return whole + "a" * (units - length(whole))


def a_list(**changed: Any) -> List:
    return List(**{"body": "Choisissez", "button": "Voir", "sections": (Section(rows=(TRACK,)),), **changed})


def a_flow(**changed: Any) -> Flow:
    return Flow(**{"body": "a", "title": "Ouvrir", "token": "f-1", "id": "4", "screen": "DAYS", **changed})


def a_link(**changed: Any) -> CtaUrl:
    return CtaUrl(**{"body": "a", "title": "Ouvrir", "url": PAGE, **changed})


def products(**changed: Any) -> ProductList:
    return ProductList(**{"header": "a", "body": "a", "catalog_id": "5", "sections": PRODUCTS, **changed})


def details(**changed: Any) -> OrderDetails:
    return OrderDetails(**{"body": "a", "reference_id": "7", "payment": {"currency": "INR"}, **changed})


def status(**changed: Any) -> OrderStatus:
    return OrderStatus(**{"body": "a", "reference_id": "7", "status": "shipped", **changed})


def a_template(**changed: Any) -> Template:
    return Template(**{"name": "rappel", "language": "fr", **changed})


type Make = Callable[[str], Any]

BODY = limits.MAX_INTERACTIVE_BODY

TEXT_LIMITS: dict[str, tuple[int, Make]] = {
    "Text.body": (limits.MAX_TEXT_BODY, lambda text: Text(body=text)),
    "Image.caption": (limits.MAX_CAPTION, lambda text: Image(id="3", caption=text)),
    "Video.caption": (limits.MAX_CAPTION, lambda text: Video(id="3", caption=text)),
    "Document.caption": (limits.MAX_CAPTION, lambda text: Document(id="3", caption=text)),
    "Button.id": (limits.MAX_BUTTON_ID, lambda text: Button(id=text, title="Oui")),
    "Button.title": (limits.MAX_BUTTON_TITLE, lambda text: Button(id="t-1", title=text)),
    "Buttons.body": (BODY, lambda text: Buttons(body=text, buttons=(CALL,))),
    "Buttons.header": (limits.MAX_HEADER, lambda text: Buttons(body="a", buttons=(CALL,), header=text)),
    "Buttons.footer": (limits.MAX_FOOTER, lambda text: Buttons(body="a", buttons=(CALL,), footer=text)),
    "Row.id": (limits.MAX_ROW_ID, lambda text: Row(id=text, title="Oui")),
    "Row.title": (limits.MAX_ROW_TITLE, lambda text: Row(id="t-1", title=text)),
    "Row.description": (limits.MAX_ROW_DESCRIPTION, lambda text: Row(id="t", title="a", description=text)),
    "Section.title": (limits.MAX_SECTION_TITLE, lambda text: Section(rows=(TRACK,), title=text)),
    "List.body": (BODY, lambda text: a_list(body=text)),
    "List.button": (limits.MAX_LIST_BUTTON, lambda text: a_list(button=text)),
    "List.header": (limits.MAX_HEADER, lambda text: a_list(header=text)),
    "List.footer": (limits.MAX_FOOTER, lambda text: a_list(footer=text)),
    "CtaUrl.body": (BODY, lambda text: a_link(body=text)),
    "CtaUrl.title": (limits.MAX_CTA_TITLE, lambda text: a_link(title=text)),
    "CtaUrl.header": (limits.MAX_HEADER, lambda text: a_link(header=text)),
    "CtaUrl.footer": (limits.MAX_FOOTER, lambda text: a_link(footer=text)),
    "LocationRequest.body": (BODY, lambda text: LocationRequest(body=text)),
    "ContactRequest.body": (BODY, lambda text: ContactRequest(body=text)),
    "Flow.body": (BODY, lambda text: a_flow(body=text)),
    "Flow.header": (limits.MAX_HEADER, lambda text: a_flow(header=text)),
    "Flow.footer": (limits.MAX_FOOTER, lambda text: a_flow(footer=text)),
    "Product.body": (BODY, lambda text: Product(catalog_id="5", product_retailer_id="7", body=text)),
    "Product.footer": (
        limits.MAX_FOOTER,
        lambda text: Product(catalog_id="5", product_retailer_id="7", footer=text),
    ),
    "ProductSection.title": (
        limits.MAX_SECTION_TITLE,
        lambda text: ProductSection(title=text, product_retailer_ids=("7",)),
    ),
    "ProductList.header": (limits.MAX_HEADER, lambda text: products(header=text)),
    "ProductList.body": (BODY, lambda text: products(body=text)),
    "ProductList.footer": (limits.MAX_FOOTER, lambda text: products(footer=text)),
    "Catalog.body": (BODY, lambda text: Catalog(body=text)),
    "Catalog.footer": (limits.MAX_FOOTER, lambda text: Catalog(body="a", footer=text)),
    "Carousel.body": (BODY, lambda text: Carousel(body=text, cards=(CARD, CARD))),
    "Card.body": (limits.MAX_CARD_BODY, lambda text: Card(header=PHOTO, body=text, buttons=(CALL,))),
    "CardLink.title": (limits.MAX_CTA_TITLE, lambda text: CardLink(title=text, url=PAGE)),
    "OrderDetails.body": (BODY, lambda text: details(body=text)),
    "OrderDetails.header": (limits.MAX_HEADER, lambda text: details(header=text)),
    "OrderDetails.footer": (limits.MAX_FOOTER, lambda text: details(footer=text)),
    "OrderStatus.body": (BODY, lambda text: status(body=text)),
    "OrderStatus.footer": (limits.MAX_FOOTER, lambda text: status(footer=text)),
    "QuickReplyButton.payload": (limits.MAX_BUTTON_ID, lambda text: QuickReplyButton(index=0, payload=text)),
    "UrlButton.suffix": (limits.MAX_URL, lambda text: UrlButton(index=0, suffix=text)),
    "CopyCodeButton.code": (limits.MAX_COPY_CODE, lambda text: CopyCodeButton(index=0, code=text)),
    "VoiceCallButton.payload": (
        limits.MAX_CALL_PAYLOAD,
        lambda text: VoiceCallButton(index=0, ttl_minutes=1, payload=text),
    ),
}

TRIMMED = {
    *("Button.id", "Button.title", "Row.id", "Row.title", "Section.title", "List.button", "CtaUrl.title"),
    *("CardLink.title", "ProductSection.title", "QuickReplyButton.payload", "UrlButton.suffix", "CopyCodeButton.code"),
    "VoiceCallButton.payload",
}

PLAIN_LIMITS: dict[str, tuple[int, Make]] = {
    "Flow.title": (limits.MAX_FLOW_TITLE, lambda text: a_flow(title=text)),
    "Template.name": (limits.MAX_TEMPLATE_NAME, lambda text: a_template(name=text)),
}
"""Fields that take no emoji, or letters of ASCII alone."""

TOTALS: dict[str, tuple[str, int, Make]] = {
    "a body alone": (
        "Template.body",
        limits.MAX_TEMPLATE_BODY_ALONE,
        lambda text: a_template(body=(TextValue(text=text[-1]), TextValue(text=text[:-1]))),
    ),
    "a body under a header": (
        "Template.body",
        limits.MAX_TEMPLATE_BODY,
        lambda text: a_template(header=PHOTO, body=(TextValue(text=text[-1]), TextValue(text=text[:-1]))),
    ),
    "a body over a button": (
        "Template.body",
        limits.MAX_TEMPLATE_BODY,
        lambda text: a_template(body=(TextValue(text=text),), buttons=(UrlButton(index=0, suffix="7"),)),
    ),
    "a header": (
        "Template.header",
        limits.MAX_HEADER,
        lambda text: a_template(header=TextValue(text=text)),
    ),
}
"""Values of a template: what each may be long depends on what stands beside it."""


def assert_limit(field: str, most: int, make: Make, piece: str) -> None:
    make(of_length(piece, most - 1))
    make(of_length(piece, most))
    with pytest.raises(InvalidMessage, match=f"at most {most} ") as refused:
        make(of_length(piece, most + 1))
    assert refused.value.field == field


@pytest.mark.parametrize("field", TEXT_LIMITS)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(field: str) -> None:
    for piece in SCRIPTS.values():
        assert_limit(field, *TEXT_LIMITS[field], piece)


@pytest.mark.parametrize("field", PLAIN_LIMITS)
def test_a_plain_name_may_be_as_long_as_its_limit_and_no_longer(field: str) -> None:
    assert_limit(field, *PLAIN_LIMITS[field], "a")


@pytest.mark.parametrize("name", TOTALS)
def test_the_values_of_a_template_may_be_as_long_together_as_their_limit_and_no_longer(name: str) -> None:
    for piece in SCRIPTS.values():
        assert_limit(*TOTALS[name], piece)


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"], ids=repr)
def test_a_text_that_is_there_is_not_blank(blank: str) -> None:
    for field, (_, make) in (TEXT_LIMITS | PLAIN_LIMITS).items():
        with pytest.raises(InvalidMessage, match="is empty") as refused:
            make(blank)
        assert refused.value.field == field


@pytest.mark.parametrize("odd", ["a\x00", "a\ud83d"], ids=repr)
def test_a_text_holds_nothing_that_cannot_be_stored_or_sent(odd: str) -> None:
    for field, (_, make) in (TEXT_LIMITS | PLAIN_LIMITS).items():
        with pytest.raises(InvalidMessage, match="cannot be sent") as refused:
            make(odd)
        assert refused.value.field == field


@pytest.mark.parametrize("spaced", [" Oui", "Oui ", "\u00a0Oui", "Oui\u00a0"], ids=repr)
def test_ids_and_titles_neither_begin_nor_end_with_a_space(spaced: str) -> None:
    for field in TRIMMED:
        with pytest.raises(InvalidMessage, match="space") as refused:
            TEXT_LIMITS[field][1](spaced)
        assert refused.value.field == field
