"""Messages to and from Meta's JSON, without the envelope that names recipient and number.

The two directions are inverse and hold to the same limits. A member that would be lost on the way is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.buttons import Buttons
from channels.whatsapp.messages.carousel import Carousel
from channels.whatsapp.messages.checks import check_trimmed
from channels.whatsapp.messages.contacts import Contacts
from channels.whatsapp.messages.cta_url import CtaUrl
from channels.whatsapp.messages.flow import Flow
from channels.whatsapp.messages.lists import List
from channels.whatsapp.messages.location import Location
from channels.whatsapp.messages.media import Audio, Document, Image, Sticker, Video
from channels.whatsapp.messages.orders import OrderDetails, OrderStatus
from channels.whatsapp.messages.products import Catalog, Product, ProductList
from channels.whatsapp.messages.reaction import Reaction
from channels.whatsapp.messages.requests import ContactRequest, LocationRequest
from channels.whatsapp.messages.template import Template
from channels.whatsapp.messages.text import Text

Interactive = (
    Buttons
    | List
    | CtaUrl
    | LocationRequest
    | ContactRequest
    | Flow
    | Product
    | ProductList
    | Catalog
    | Carousel
    | OrderDetails
    | OrderStatus
)
Message = Text | Image | Video | Audio | Document | Sticker | Location | Contacts | Reaction | Template | Interactive

_KINDS: Final[dict[type[Message], str]] = {
    Text: "text",
    Image: "image",
    Video: "video",
    Audio: "audio",
    Document: "document",
    Sticker: "sticker",
    Location: "location",
    Contacts: "contacts",
    Reaction: "reaction",
    Template: "template",
}

_READERS: Final[dict[str, Callable[[JsonObject], Message]]] = {
    "text": Text.read,
    "image": Image.read,
    "video": Video.read,
    "audio": Audio.read,
    "document": Document.read,
    "sticker": Sticker.read,
    "location": Location.read,
    "reaction": Reaction.read,
    "template": Template.read,
}

_INTERACTIVE_READERS: Final[dict[str, Callable[[JsonObject], Interactive]]] = {
    "button": Buttons.read,
    "list": List.read,
    "cta_url": CtaUrl.read,
    "location_request_message": LocationRequest.read,
    "request_contact_info": ContactRequest.read,
    "flow": Flow.read,
    "product": Product.read,
    "product_list": ProductList.read,
    "catalog_message": Catalog.read,
    "carousel": Carousel.read,
    "order_details": OrderDetails.read,
    "order_status": OrderStatus.read,
}


def to_payload(message: Message, reply_to: str | None = None) -> dict[str, Any]:
    """`reply_to` is the wamid of the message that this one quotes."""
    kind = _KINDS.get(type(message), "interactive")
    payload = {"type": kind, kind: message.content()}
    if reply_to is None:
        return payload
    check_trimmed("reply_to", reply_to)
    return {**payload, "context": {"message_id": reply_to}}


def from_payload(payload: Mapping[str, Any]) -> Message:
    """For one that quotes nothing; `read_payload` takes both."""
    message, reply_to = read_payload(payload)
    if reply_to is not None:
        raise InvalidMessage("context", "quotes a message; that would be lost here")
    return message


def read_payload(payload: Mapping[str, Any]) -> tuple[Message, str | None]:
    """The message, and the wamid of the one that it quotes."""
    try:
        document = JsonObject(payload)
        context = document.optional_nested("context")
        reply_to = None if context is None else context.string("message_id")
        message = _read(document)
        document.refuse_the_rest()
    except WrongShape as wrong:
        raise InvalidMessage(wrong.path, wrong.problem) from wrong
    return message, reply_to


def _read(document: JsonObject) -> Message:
    kind = document.string("type")
    if kind == "contacts":
        return Contacts.read(document.each(kind))
    if kind == "interactive":
        content = document.nested(kind)
        return _reader(_INTERACTIVE_READERS, content)(content)
    return _reader(_READERS, document)(document.nested(kind))


def _reader[Kind](
    readers: Mapping[str, Callable[[JsonObject], Kind]], typed: JsonObject
) -> Callable[[JsonObject], Kind]:
    kind = typed.string("type")
    if kind not in readers:
        raise WrongShape(typed.path("type"), "is not a kind of message known here")
    return readers[kind]
