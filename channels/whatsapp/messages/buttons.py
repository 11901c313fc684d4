"""Reply buttons under a text."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import check_count, check_trimmed, check_unique
from channels.whatsapp.messages.frame import Header, check_frame, framed, read_body, read_footer, read_header


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    id: str = field(repr=False)
    title: str = field(repr=False)

    def __post_init__(self) -> None:
        check_trimmed("Button.id", self.id, limits.MAX_BUTTON_ID)
        check_trimmed("Button.title", self.title, limits.MAX_BUTTON_TITLE)

    def content(self) -> dict[str, Any]:
        return {"type": "reply", "reply": {"id": self.id, "title": self.title}}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        content.constant("type", "reply")
        reply = content.nested("reply")
        return cls(id=reply.string("id"), title=reply.string("title"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """A text with buttons; each answers with its id."""

    body: str = field(repr=False)
    buttons: tuple[Button, ...]
    header: Header | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("Buttons", self.body, self.header, self.footer)
        check_count("Buttons.buttons", self.buttons, limits.MAX_BUTTONS)
        check_unique("Buttons.buttons.id", (button.id for button in self.buttons))
        check_unique("Buttons.buttons.title", (button.title for button in self.buttons))

    def content(self) -> dict[str, Any]:
        action = {"buttons": [button.content() for button in self.buttons]}
        return framed("button", action, self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            header=read_header(content),
            body=read_body(content),
            footer=read_footer(content),
            buttons=tuple(Button.read(button) for button in content.nested("action").each("buttons")),
        )
