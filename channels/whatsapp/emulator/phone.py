"""What a person can do with a phone, as the messages WhatsApp makes of it. Pure.

PhoneProblem    a person could not do this; the text says why
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.whatsapp.emulator.chats import Message
from channels.whatsapp.emulator.media import StoredMedia

TEXT_BODY = 4096  # characters one can type in one message

type Payload = dict[str, Any]


class PhoneProblem(ValueError):
    """What a phone would not let its owner do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A reply button, or a row of a list."""

    id: str
    title: str
    description: str | None = None


def text(body: str) -> Payload:
    body = body.strip().replace("\r\n", "\n")
    if not body:
        raise PhoneProblem("An empty message cannot be sent.")
    if len(body) > TEXT_BODY:
        raise PhoneProblem(f"A message has at most {TEXT_BODY} characters.")
    return {"type": "text", "text": {"body": body}}


def location(latitude: float, longitude: float, name: str | None, address: str | None) -> Payload:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PhoneProblem("There is no such place on earth.")
    place: Payload = {"latitude": latitude, "longitude": longitude}
    place |= {key: value for key, value in (("name", name), ("address", address)) if value}
    return {"type": "location", "location": place}


def image(media: StoredMedia, caption: str | None) -> Payload:
    words = {"caption": caption} if caption else {}
    return {
        "type": "image",
        "image": {**words, "mime_type": media.mime_type, "sha256": media.sha256, "id": media.id},
    }


def audio(media: StoredMedia, *, voice: bool) -> Payload:
    return {
        "type": "audio",
        "audio": {"mime_type": media.mime_type, "sha256": media.sha256, "id": media.id, "voice": voice},
    }


def choices(payload: Mapping[str, Any]) -> tuple[Choice, ...]:
    """What can be tapped in a message: its buttons, or its list's rows."""
    action = payload.get("interactive", {}).get("action", {})
    if "buttons" in action:
        return tuple(Choice(id=button["reply"]["id"], title=button["reply"]["title"]) for button in action["buttons"])
    return tuple(
        Choice(id=row["id"], title=row["title"], description=row.get("description"))
        for section in action.get("sections", ())
        for row in section["rows"]
    )


def tap(message: Message, *, choice_id: str | None = None, title: str | None = None) -> Payload:
    """Tap a button or choose a row, named by its id or its title."""
    for choice in choices(message.payload):
        if (choice.id if title is None else choice.title) == (choice_id if title is None else title):
            return _reply(message.payload["interactive"]["type"], choice)
    raise PhoneProblem("This message has no such button or row.")


def find_tappable(messages: Iterable[Message], kind: str, *, choice_id: str | None, title: str | None) -> Message:
    """The first of these messages that has the wanted button (kind "button") or row (kind "list")."""
    for message in messages:
        if message.payload.get("interactive", {}).get("type") != kind:
            continue
        if any(
            choice.id == choice_id or (title is not None and choice.title == title)
            for choice in choices(message.payload)
        ):
            return message
    raise PhoneProblem("No message of this chat has such a button or row.")


def _reply(kind: str, choice: Choice) -> Payload:
    answer = {"id": choice.id, "title": choice.title}
    if kind == "button":
        return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": answer}}
    if choice.description is not None:
        answer["description"] = choice.description
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": answer}}
