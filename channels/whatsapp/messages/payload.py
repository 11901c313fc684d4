"""Messages to and from Meta's JSON, without the envelope that names recipient and number.

The two directions are inverse and hold to the same limits. A member that would be lost on the way is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, assert_never

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import InvalidMessage
from channels.whatsapp.messages.contacts import Contact, Contacts
from channels.whatsapp.messages.interactive import Buttons, List
from channels.whatsapp.messages.location import Location
from channels.whatsapp.messages.media import Image
from channels.whatsapp.messages.text import Text

Message = Text | Image | Buttons | List | Contacts | Location


def to_payload(message: Message) -> dict[str, Any]:
    kind = _kind(message)
    return {"type": kind, kind: message.content()}


def from_payload(payload: Mapping[str, Any]) -> Message:
    try:
        document = JsonObject(payload)
        kind = document.string("type")
        if kind not in _READERS:
            raise WrongShape(document.path("type"), "is not a kind of message known here")
        message = _READERS[kind](document)
        document.refuse_the_rest()
    except WrongShape as wrong:
        raise InvalidMessage(wrong.path, wrong.problem) from wrong
    return message


def _kind(message: Message) -> str:
    match message:
        case Text():
            return "text"
        case Image():
            return "image"
        case Buttons() | List():
            return "interactive"
        case Contacts():
            return "contacts"
        case Location():
            return "location"
        case _:
            assert_never(message)


def _read_interactive(document: JsonObject) -> Buttons | List:
    content = document.nested("interactive")
    kind = content.string("type")
    if kind == "button":
        return Buttons.read(content)
    if kind == "list":
        return List.read(content)
    raise WrongShape(content.path("type"), "is not a kind of interactive message known here")


_READERS: Final[dict[str, Callable[[JsonObject], Message]]] = {
    "text": lambda document: Text.read(document.nested("text")),
    "image": lambda document: Image.read(document.nested("image")),
    "interactive": _read_interactive,
    "contacts": lambda document: Contacts(
        contacts=tuple(Contact.read(contact) for contact in document.each("contacts"))
    ),
    "location": lambda document: Location.read(document.nested("location")),
}
