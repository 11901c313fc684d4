"""What notifications need of the parts beside them; implemented there, and plugged in by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Connection

from notifications.workflows import ReplyButton


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonsOffered:
    """The buttons of one message, and the talk in which they are offered."""

    business_id: str
    conversation_id: str
    buttons: tuple[ReplyButton, ...]


class ReplyTokens(Protocol):
    """Keeps what buttons mean, so that only a token is on the wire."""

    def make(self, connection: Connection, offered: Sequence[ButtonsOffered]) -> list[tuple[str, ...]]:
        """A token for each button of each message, kept in this transaction."""
        ...


class Merging(Protocol):
    """Makes one person of two."""

    def __call__(self, connection: Connection, one: str, other: str) -> str:
        """The id of the subscriber who stays."""
        ...
