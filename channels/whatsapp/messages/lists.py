"""Rows to choose from, in sections behind a button."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import (
    check_count,
    check_optional,
    check_section_titles,
    check_trimmed,
    check_unique,
)
from channels.whatsapp.messages.frame import check_frame, framed, read_body, read_footer, read_text_header


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
    button: str = field(repr=False)
    sections: tuple[Section, ...]
    header: str | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("List", self.body, self.header, self.footer)
        check_trimmed("List.button", self.button, limits.MAX_LIST_BUTTON)
        check_count("List.sections", self.sections, limits.MAX_SECTIONS)
        rows = tuple(row for section in self.sections for row in section.rows)
        check_count("List.sections.rows", rows, limits.MAX_ROWS)
        check_unique("List.sections.rows.id", (row.id for row in rows))
        check_unique("List.sections.rows.title", (row.title for row in rows))
        check_section_titles("List.sections.title", [section.title for section in self.sections])

    def content(self) -> dict[str, Any]:
        action = {"button": self.button, "sections": [section.content() for section in self.sections]}
        return framed("list", action, self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        return cls(
            header=read_text_header(content),
            body=read_body(content),
            footer=read_footer(content),
            button=action.string("button"),
            sections=tuple(Section.read(section) for section in action.each("sections")),
        )
