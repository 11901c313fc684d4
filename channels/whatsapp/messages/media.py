"""A picture that Meta fetches from a link."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.limits import MAX_CAPTION
from channels.whatsapp.messages.checks import check_link, check_optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    link: str
    caption: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_link("Image.link", self.link)
        check_optional("Image.caption", self.caption, MAX_CAPTION)

    def content(self) -> dict[str, Any]:
        return {"link": self.link} if self.caption is None else {"link": self.link, "caption": self.caption}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(link=content.string("link"), caption=content.optional_string("caption"))
