"""What a person sent, by kind: from the JSON of one inbound message to its content."""

from collections.abc import Callable
from typing import Final

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading.cards import read_cards
from channels.whatsapp.reading.errors import read_errors
from channels.whatsapp.reading.replies import read_interactive, read_template_button
from channels.whatsapp.received import (
    Content,
    EditReceived,
    LocationReceived,
    MediaReceived,
    OrderItem,
    OrderReceived,
    OtherReceived,
    ReactionReceived,
    RevokeReceived,
    SystemReceived,
    TextReceived,
    UnsupportedReceived,
)

MOST_PRICE: Final = 10**15
"""In units of the currency; more is no price of anything."""

_WITHOUT_OBJECT: Final = ("interactive", "unsupported")
"""The kinds that may lack the object that is named as they are."""

_OLDER_WORDS: Final = {"customer_changed_number": "user_changed_number"}


def read_content(message: JsonObject) -> Content:
    kind = message.string("type")
    reader = _READERS.get(kind)
    if reader is None:
        return OtherReceived(kind=kind)
    if kind not in message and kind not in _WITHOUT_OBJECT and message.parts("errors"):
        # Meta could not take it over, such as a picture that was too large.
        return UnsupportedReceived(kind=kind, errors=read_errors(message))
    return reader(message)


def _text(message: JsonObject) -> Content:
    return TextReceived(body=message.nested("text").string("body"))


def _location(message: JsonObject) -> Content:
    location = message.nested("location")
    return LocationReceived(
        latitude=_degrees(location, "latitude", 90),
        longitude=_degrees(location, "longitude", 180),
        name=location.text("name"),
        address=location.text("address"),
        url=location.text("url"),
    )


def _degrees(location: JsonObject, name: str, most: int) -> float:
    degrees = location.decimal(name)
    if abs(degrees) > most:
        raise WrongShape(location.path(name), f"is not a {name}")
    return float(degrees)


def _media(message: JsonObject) -> Content:
    kind = message.string("type")
    media = message.nested(kind)
    return MediaReceived(
        kind="audio" if kind == "voice" else kind,
        media_id=media.identifier("id"),
        mime_type=media.text("mime_type"),
        caption=media.text("caption"),
        filename=media.text("filename"),
        # Voice notes of the older on-premises API say so by their type.
        voice=kind == "voice" or media.truth("voice") is True,
        animated=media.truth("animated") is True,
        sha256=media.text("sha256"),
        url=media.text("url"),
    )


def _order(message: JsonObject) -> Content:
    order = message.nested("order")
    return OrderReceived(
        catalog_id=order.identifier("catalog_id"),
        text=order.text("text") or "",
        items=tuple(map(_order_item, order.each("product_items"))),
    )


def _order_item(item: JsonObject) -> OrderItem:
    price = item.decimal("item_price")
    if not 0 <= price <= MOST_PRICE:
        raise WrongShape(item.path("item_price"), "is not a price")
    return OrderItem(
        product_retailer_id=item.identifier("product_retailer_id"),
        quantity=item.numeral("quantity"),
        item_price=price,
        currency=item.string("currency"),
    )


def _reaction(message: JsonObject) -> Content:
    reaction = message.nested("reaction")
    # It is taken away by an empty emoji, or by none.
    return ReactionReceived(message_id=reaction.identifier("message_id"), emoji=reaction.text("emoji"))


def _system(message: JsonObject) -> Content:
    system = message.nested("system")
    kind = system.string("type")
    return SystemReceived(
        kind=_OLDER_WORDS.get(kind, kind),
        wa_id=system.text("wa_id") or system.text("new_wa_id"),
        user_id=system.text("user_id"),
        parent_user_id=system.text("parent_user_id"),
        previous_user_id=system.text("previous_user_id"),
        previous_parent_user_id=system.text("previous_parent_user_id"),
        body=system.text("body") or "",
    )


def _unsupported(message: JsonObject) -> Content:
    return UnsupportedReceived(kind=message.part("unsupported").text("type"), errors=read_errors(message))


def _edit(message: JsonObject) -> Content:
    edit = message.nested("edit")
    now = edit.nested("message")
    # An edit of an edit is none of Meta's; it would also be a way to nest without end.
    content = OtherReceived(kind="edit") if now.string("type") == "edit" else read_content(now)
    return EditReceived(original_message_id=edit.identifier("original_message_id"), content=content)


def _revoke(message: JsonObject) -> Content:
    return RevokeReceived(original_message_id=message.nested("revoke").identifier("original_message_id"))


_READERS: Final[dict[str, Callable[[JsonObject], Content]]] = {
    "text": _text,
    "interactive": read_interactive,
    "button": read_template_button,
    "location": _location,
    "contacts": read_cards,
    "image": _media,
    "video": _media,
    "audio": _media,
    "voice": _media,
    "document": _media,
    "sticker": _media,
    "order": _order,
    "reaction": _reaction,
    "system": _system,
    "unsupported": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
}
"""A kind that is not here is kept as OtherReceived."""
