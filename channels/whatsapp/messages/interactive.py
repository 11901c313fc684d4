"""Messages with something to tap: reply buttons under a text, or a list of rows behind a button."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import (
    InvalidMessage,
    check_count,
    check_optional,
    check_text,
    check_trimmed,
    check_unique,
)
from channels.whatsapp.messages.media import Image


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
    """Reply buttons under a text, with a line or a picture above it."""

    body: str = field(repr=False)
    buttons: tuple[Button, ...]
    header: str | Image | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_text("Buttons.body", self.body, limits.MAX_INTERACTIVE_BODY)
        check_count("Buttons.buttons", self.buttons, limits.MAX_BUTTONS)
        check_unique("Buttons.buttons.id", (button.id for button in self.buttons))
        check_unique("Buttons.buttons.title", (button.title for button in self.buttons))
        check_optional("Buttons.footer", self.footer, limits.MAX_FOOTER)
        if not isinstance(self.header, Image):
            check_optional("Buttons.header", self.header, limits.MAX_HEADER)
        elif self.header.caption is not None:
            raise InvalidMessage("Buttons.header", "is a picture with a caption; the body is its caption")

    def content(self) -> dict[str, Any]:
        action = {"buttons": [button.content() for button in self.buttons]}
        return _interactive("button", self.header, self.body, self.footer, action)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            header=_read_header(content),
            body=content.nested("body").string("text"),
            footer=_read_footer(content),
            buttons=tuple(Button.read(button) for button in content.nested("action").each("buttons")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str = field(repr=False)
    title: str = field(repr=False)
    description: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_trimmed("Row.id", self.id, limits.MAX_ROW_ID)
        check_trimmed("Row.title", self.title, limits.MAX_ROW_TITLE)
        check_optional("Row.description", self.description, limits.MAX_ROW_DESCRIPTION)

    def content(self) -> dict[str, Any]:
        described = {} if self.description is None else {"description": self.description}
        return {"id": self.id, "title": self.title, **described}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            id=content.string("id"),
            title=content.string("title"),
            description=content.optional_string("description"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    rows: tuple[Row, ...]
    title: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_count("Section.rows", self.rows, limits.MAX_ROWS)
        if self.title is not None:
            check_trimmed("Section.title", self.title, limits.MAX_SECTION_TITLE)

    def content(self) -> dict[str, Any]:
        titled = {} if self.title is None else {"title": self.title}
        return {**titled, "rows": [row.content() for row in self.rows]}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            title=content.optional_string("title"),
            rows=tuple(Row.read(row) for row in content.each("rows")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Rows in sections; `button` is the label that opens them."""

    body: str = field(repr=False)
    button: str
    sections: tuple[Section, ...]
    header: str | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_text("List.body", self.body, limits.MAX_INTERACTIVE_BODY)
        check_trimmed("List.button", self.button, limits.MAX_LIST_BUTTON)
        check_optional("List.header", self.header, limits.MAX_HEADER)
        check_optional("List.footer", self.footer, limits.MAX_FOOTER)
        check_count("List.sections", self.sections, limits.MAX_SECTIONS)
        rows = tuple(row for section in self.sections for row in section.rows)
        check_count("List.sections.rows", rows, limits.MAX_ROWS)
        check_unique("List.sections.rows.id", (row.id for row in rows))
        check_unique("List.sections.rows.title", (row.title for row in rows))
        titles = [section.title for section in self.sections if section.title is not None]
        check_unique("List.sections.title", titles)
        if 1 < len(self.sections) != len(titles):
            raise InvalidMessage("List.sections.title", "is missing; among several sections each needs one")

    def content(self) -> dict[str, Any]:
        action = {"button": self.button, "sections": [section.content() for section in self.sections]}
        return _interactive("list", self.header, self.body, self.footer, action)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        header, action = _read_header(content), content.nested("action")
        if isinstance(header, Image):
            raise InvalidMessage("List.header", "is a picture; a list takes a line of text alone")
        return cls(
            header=header,
            body=content.nested("body").string("text"),
            footer=_read_footer(content),
            button=action.string("button"),
            sections=tuple(Section.read(section) for section in action.each("sections")),
        )


def _interactive(
    kind: str, header: str | Image | None, body: str, footer: str | None, action: dict[str, Any]
) -> dict[str, Any]:
    content: dict[str, Any] = {"type": kind}
    if isinstance(header, Image):
        content["header"] = {"type": "image", "image": header.content()}
    elif header is not None:
        content["header"] = {"type": "text", "text": header}
    content["body"] = {"text": body}
    if footer is not None:
        content["footer"] = {"text": footer}
    return {**content, "action": action}


def _read_header(content: JsonObject) -> str | Image | None:
    header = content.optional_nested("header")
    if header is None:
        return None
    if header.string("type") == "image":
        return Image.read(header.nested("image"))
    header.constant("type", "text")
    return header.string("text")


def _read_footer(content: JsonObject) -> str | None:
    footer = content.optional_nested("footer")
    return None if footer is None else footer.string("text")
