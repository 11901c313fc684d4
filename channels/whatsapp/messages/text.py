"""A text message."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.limits import MAX_TEXT_BODY
from channels.whatsapp.messages.checks import check_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    body: str = field(repr=False)
    preview_url: bool = False

    def __post_init__(self) -> None:
        check_text("Text.body", self.body, MAX_TEXT_BODY)

    def content(self) -> dict[str, Any]:
        return {"body": self.body, "preview_url": True} if self.preview_url else {"body": self.body}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(body=content.string("body"), preview_url=content.flag("preview_url"))
