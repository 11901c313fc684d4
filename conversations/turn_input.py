"""What a turn is to answer, decided from what arrived; kept as JSON in `turns.input`."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from channels.whatsapp.webhook import (
    ButtonReply,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherReceived,
    TextReceived,
)

BOT_TEXT_LIMIT = 1000
"""Characters of a message the bot reads: its features grow with the text, and longer ones say nothing more."""

SILENT_KINDS = frozenset({"reaction", "system", "edit", "revoke", "request_welcome", "ephemeral"})
"""Kinds that are no question: they are kept, and nobody answers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Free text for the bot to understand."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A tapped button or list row: our token, and the title the person saw."""

    token: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shared location, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """Something the bot cannot read: a text of the services answers it (see conversations/content)."""

    key: str


TurnInput = Words | Reply | Place | Canned
_KINDS: dict[str, type[Words] | type[Reply] | type[Place] | type[Canned]] = {
    "words": Words,
    "reply": Reply,
    "place": Place,
    "canned": Canned,
}


def decide(content: object) -> TurnInput | None:
    """What answers this content; None when nobody does."""
    match content:
        case TextReceived(body=body):
            # An empty text would be classified as something, so it never reaches the bot.
            return Words(text=body.strip()[:BOT_TEXT_LIMIT]) if _is_visible(body) else Canned(key="cannot_read")
        case ButtonReply(id=token, title=title) | ListReply(id=token, title=title):
            return Reply(token=token, title=title)
        case LocationReceived(latitude=latitude, longitude=longitude):
            return Place(latitude=latitude, longitude=longitude)
        case MediaReceived(kind="audio"):
            return Canned(key="voice_kept")
        case MediaReceived(kind="sticker"):
            return None
        case MediaReceived():
            return Canned(key="media_kept")
        case OtherReceived(kind=kind) if kind in SILENT_KINDS:
            return None
        case _:
            return Canned(key="cannot_read")


def opens_window(content: object) -> bool:
    """Whether this is the person's own message to us: what nobody answers leaves the service window as it was."""
    return not (isinstance(content, OtherReceived) and content.kind in SILENT_KINDS)


def _is_visible(text: str) -> bool:
    """Whether a reader sees anything: blanks, control and format characters alone are no words."""
    return any(not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"} for char in text[:BOT_TEXT_LIMIT])


def to_json(turn_input: TurnInput) -> dict[str, Any]:
    kind = next(name for name, cls in _KINDS.items() if isinstance(turn_input, cls))
    return {"kind": kind, **asdict(turn_input)}


def from_json(document: Mapping[str, Any]) -> TurnInput:
    values = {key: value for key, value in document.items() if key != "kind"}
    return _KINDS[document["kind"]](**values)
