"""An emoji put on somebody's message."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import check_trimmed, holds_emoji, is_one_character


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An empty `emoji` takes the reaction back. Meta takes none for a message older than 30 days (unverified)."""

    message_id: str = field(repr=False)  # wamid
    emoji: str = field(repr=False)

    def __post_init__(self) -> None:
        check_trimmed("Reaction.message_id", self.message_id)
        if not isinstance(self.emoji, str):
            raise InvalidMessage("Reaction.emoji", "is not a text")
        if self.emoji and not (is_one_character(self.emoji) and holds_emoji(self.emoji)):
            raise InvalidMessage("Reaction.emoji", "is neither one emoji nor empty")

    def content(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "emoji": self.emoji}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(message_id=content.string("message_id"), emoji=content.string("emoji"))
