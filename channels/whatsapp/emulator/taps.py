"""What can be tapped in a message, and the message a tap makes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from channels.whatsapp.emulator.chats import Message
from channels.whatsapp.emulator.phone import Payload, PhoneProblem

type Tappable = Literal["button", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button, or a row of a list. A template's quick reply is answered with another kind of message."""

    id: str
    title: str
    description: str | None = None
    of: Literal["button", "list", "template"] = "button"

    @property
    def kind(self) -> Tappable:
        return "list" if self.of == "list" else "button"


def choices(payload: Mapping[str, Any]) -> tuple[Choice, ...]:
    """What can be tapped: reply buttons, those under a carousel's cards, a list's rows, a template's quick replies."""
    if payload["type"] == "template":
        return tuple(_quick_replies(payload.get("rendered", {})))
    interactive = payload.get("interactive", {})
    action = interactive.get("action", {})
    match interactive.get("type"):
        case "button":
            return tuple(_button(button["reply"]) for button in action["buttons"])
        case "carousel":
            groups = (card["action"].get("buttons", ()) for card in action["cards"])
            return tuple(_button(button["quick_reply"]) for group in groups for button in group)
        case "list":
            rows = (row for section in action["sections"] for row in section["rows"])
            return tuple(
                Choice(id=row["id"], title=row["title"], description=row.get("description"), of="list") for row in rows
            )
    return ()


def tap(message: Message, *, choice_id: str | None = None, title: str | None = None) -> Payload:
    """Tap a button or choose a row, named by its id or its title."""
    for choice in choices(message.payload):
        if (choice.id if title is None else choice.title) == (choice_id if title is None else title):
            return _reply(choice)
    raise PhoneProblem("This message has no such button or row.")


def find_tappable(messages: Iterable[Message], kind: Tappable, *, choice_id: str | None, title: str | None) -> Message:
    """The first of these messages that has the wanted button (kind "button") or row (kind "list")."""
    for message in messages:
        offered = (choice for choice in choices(message.payload) if choice.kind == kind)
        if message.sender == "business" and any(
            choice.id == choice_id or (title is not None and choice.title == title) for choice in offered
        ):
            return message
    raise PhoneProblem("No message of this chat has such a button or row.")


def _button(face: Mapping[str, str]) -> Choice:
    return Choice(id=face["id"], title=face["title"])


def _quick_replies(rendered: Mapping[str, Any]) -> Iterable[Choice]:
    groups = [rendered.get("buttons") or (), *(card.get("buttons") or () for card in rendered.get("cards") or ())]
    for button in (button for group in groups for button in group):
        if button["type"].lower() == "quick_reply":
            # Whoever gives no payload gets the button's own words back.
            yield Choice(id=button.get("payload") or button["text"], title=button["text"], of="template")


def _reply(choice: Choice) -> Payload:
    if choice.of == "template":
        return {"type": "button", "button": {"payload": choice.id, "text": choice.title}}
    answer = {"id": choice.id, "title": choice.title}
    if choice.of == "button":
        return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": answer}}
    if choice.description is not None:
        answer["description"] = choice.description
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": answer}}
