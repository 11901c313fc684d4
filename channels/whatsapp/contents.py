"""What a person sent, by kind: from the JSON of one inbound message to its content."""

from collections.abc import Callable
from typing import Final

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.received import (
    ButtonReply,
    Content,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherReceived,
    TextReceived,
)


def read_content(message: JsonObject) -> Content:
    kind = message.string("type")
    reader = _READERS.get(kind)
    return OtherReceived(kind=kind) if reader is None else reader(message)


def _text(message: JsonObject) -> Content:
    return TextReceived(body=message.nested("text").string("body"))


def _interactive(message: JsonObject) -> Content:
    # Meta sends broken ones without the object; the error stands beside the message, in `value.errors`.
    interactive = message.optional_nested("interactive")
    if interactive is None:
        return OtherReceived(kind="interactive")
    kind = interactive.string("type")
    if kind == "button_reply":
        reply = interactive.nested("button_reply")
        return ButtonReply(id=reply.string("id"), title=reply.string("title"))
    if kind == "list_reply":
        reply = interactive.nested("list_reply")
        return ListReply(
            id=reply.string("id"),
            title=reply.string("title"),
            description=reply.optional_string("description"),
        )
    return OtherReceived(kind=f"interactive.{kind}")


def _template_button(message: JsonObject) -> Content:
    button = message.nested("button")
    title = button.string("text")
    return ButtonReply(id=button.optional_string("payload") or title, title=title)


def _location(message: JsonObject) -> Content:
    location = message.nested("location")
    return LocationReceived(
        latitude=location.number("latitude"),
        longitude=location.number("longitude"),
        name=location.optional_string("name"),
        address=location.optional_string("address"),
    )


def _media(message: JsonObject) -> Content:
    kind = message.string("type")
    media = message.nested(kind)
    return MediaReceived(
        kind="audio" if kind == "voice" else kind,
        media_id=media.identifier("id"),
        mime_type=media.optional_string("mime_type"),
        caption=media.optional_string("caption"),
        # Voice notes of the older on-premises API say so by their type.
        voice=kind == "voice" or media.flag("voice"),
        sha256=media.optional_string("sha256"),
    )


_READERS: Final[dict[str, Callable[[JsonObject], Content]]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _template_button,
    "location": _location,
    "image": _media,
    "video": _media,
    "audio": _media,
    "voice": _media,
    "document": _media,
    "sticker": _media,
}
"""A kind that is not here is kept as OtherReceived."""
