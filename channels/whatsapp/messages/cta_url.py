"""A text with one button that opens a page."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import check_link, check_trimmed
from channels.whatsapp.messages.frame import Header, check_frame, framed, read_body, read_footer, read_header

ACTION: Final = "cta_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class CtaUrl:
    """`title` is what stands on the button."""

    body: str = field(repr=False)
    title: str = field(repr=False)
    url: str = field(repr=False)
    header: Header | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("CtaUrl", self.body, self.header, self.footer)
        check_trimmed("CtaUrl.title", self.title, limits.MAX_CTA_TITLE)
        check_link("CtaUrl.url", self.url)

    def content(self) -> dict[str, Any]:
        return framed("cta_url", link_action(self.title, self.url), self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        title, url = read_link_action(content.nested("action"))
        return cls(
            header=read_header(content), body=read_body(content), footer=read_footer(content), title=title, url=url
        )


def link_action(title: str, url: str) -> dict[str, Any]:
    return {"name": ACTION, "parameters": {"display_text": title, "url": url}}


def read_link_action(action: JsonObject) -> tuple[str, str]:
    action.constant("name", ACTION)
    parameters = action.nested("parameters")
    return parameters.string("display_text"), parameters.string("url")
