"""What the caller of the turn channel may send: parsed, checked and made harmless here, pure.

Everything wrong with a request is one `BadTurn` that names the field; a request that passes cannot start an
intent by its text, and cannot be poisonous to the classifier (empty text is, by Rasa's own making).
"""

import json
import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: WhatsApp allows 4,096 characters; what a message means is said in the first thousand.
MAX_TEXT_CHARACTERS = 1000
#: Room for a text of the largest size and a hundred notes.
MAX_BODY_BYTES = 1_000_000
MAX_SENDER_CHARACTERS = 128

_SENDER = re.compile(rf"[!-~]{{1,{MAX_SENDER_CHARACTERS}}}")
#: What Relais says of a photo, film or document that somebody shared.
FILE_INTENT = "share_media"
#: A message that was nothing but slashes still has to be something.
_LONE_SLASH = "∕"


class BadTurn(ValueError):
    """A request that can never succeed. `status` is 400 for what is not JSON, 422 for a wrong field."""

    def __init__(self, field: str, problem: str, status: int = 422) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something said to the person outside Rasa, which Rasa should know of."""

    id: str
    text: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRequest:
    """One message of one person, ready for Rasa."""

    turn_id: str
    sender_id: str
    text: str
    parse_data: Mapping[str, Any] | None = None  # given for buttons: what was meant is known
    entities: tuple[Mapping[str, Any], ...] = ()  # what came beside a text, such as the file whose caption it is
    metadata: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def parse_turn(body: bytes) -> TurnRequest:
    """Raises `BadTurn`."""
    content = _object(body)
    text, parse_data = content.get("text"), content.get("parse_data")
    if (text is None) == (parse_data is None):
        raise BadTurn("text", "exactly one of text and parse_data must be given")
    metadata = dict(_mapping(content, "metadata"))
    if parse_data is None:
        text = _written_text("text", text)
        if len(text) > MAX_TEXT_CHARACTERS:
            metadata["text_cut_from"] = len(text)
        text = harmless(text)
    else:
        parse_data = _parse_data(parse_data)
        text = parse_data["text"]
    return TurnRequest(
        turn_id=_turn_id(content.get("turn_id")),
        sender_id=_sender_id(content.get("sender_id")),
        text=text,
        parse_data=parse_data,
        entities=tuple(_entities("entities", content.get("entities"))) if parse_data is None else (),
        metadata=metadata,
        slots=_mapping(content, "slots"),
        notes=_notes(content.get("notes")),
    )


def harmless(text: str) -> str:
    """The text as Rasa may see it: short enough, and never beginning with the slash that would run an intent.

    Slashes at the beginning are dropped rather than disguised, because the text may become a slot's value.
    """
    return text[:MAX_TEXT_CHARACTERS].lstrip("/" + _WHITESPACE).rstrip() or _LONE_SLASH


# Everything str.strip() strips, so that no order of blanks and slashes leaves a slash in front.
_WHITESPACE = "".join(c for c in map(chr, range(0x3001)) if c.isspace())


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise BadTurn("body", f"must not be larger than {MAX_BODY_BYTES} bytes", 413)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadTurn("body", "must be JSON", 400) from None
    if not isinstance(content, dict):
        raise BadTurn("body", "must be a JSON object", 400)
    return content


def _turn_id(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise BadTurn("turn_id", "must be a UUID") from None


def _sender_id(value: Any) -> str:
    if not isinstance(value, str) or not _SENDER.fullmatch(value):
        raise BadTurn("sender_id", f"must be 1 to {MAX_SENDER_CHARACTERS} visible ASCII characters")
    return value


def _written_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadTurn(name, "must be a string")
    # Half a surrogate pair is valid JSON and breaks everything that encodes text.
    value = value.encode("utf-8", "replace").decode("utf-8")
    if not any(_is_visible(character) for character in value):
        raise BadTurn(name, "must not be empty or blank")
    return value


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf")


def _parse_data(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadTurn("parse_data", "must be an object")
    intent = value.get("intent")
    if not isinstance(intent, Mapping) or not isinstance(intent.get("name"), str):
        raise BadTurn("parse_data.intent.name", "must be a string")
    confidence = intent.get("confidence", 1.0)
    if not isinstance(confidence, (int, float)) or isinstance(confidence, bool):
        raise BadTurn("parse_data.intent.confidence", "must be a number")
    meant = {"name": intent["name"], "confidence": float(confidence)}
    return {
        "text": harmless(_written_text("parse_data.text", value.get("text"))),
        "intent": meant,
        "intent_ranking": [meant],
        "entities": _entities("parse_data.entities", value.get("entities")),
    }


def _entities(name: str, value: Any) -> list[dict[str, Any]]:
    value = value or []
    if not isinstance(value, list):
        raise BadTurn(name, "must be a list")
    for position, entity in enumerate(value):
        if not isinstance(entity, Mapping) or not isinstance(entity.get("entity"), str) or "value" not in entity:
            raise BadTurn(f"{name}[{position}]", "must have entity (a string) and value")
    return [dict(entity) for entity in value]


def _notes(value: Any) -> tuple[Note, ...]:
    value = value or []
    if not isinstance(value, list):
        raise BadTurn("notes", "must be a list")
    return tuple(_note(f"notes[{position}]", note) for position, note in enumerate(value))


def _note(name: str, value: Any) -> Note:
    if not isinstance(value, Mapping):
        raise BadTurn(name, "must be an object")
    if not isinstance(value.get("id"), str) or not value["id"]:
        raise BadTurn(f"{name}.id", "must be a string")
    return Note(id=value["id"], text=_written_text(f"{name}.text", value.get("text")), slots=_mapping(value, "slots"))


def _mapping(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadTurn(name, "must be an object")
    return value
