"""A message in one plain line: for the list of phones, for quotes, for tests that only want the words."""

from collections.abc import Mapping
from typing import Any

from channels.whatsapp.emulator.labels import Labels
from channels.whatsapp.emulator.markup import plain

MARKS = {"image": "📷", "audio": "🎤", "location": "📍", "contacts": "👤"}


def words(payload: Mapping[str, Any]) -> str:
    """What is said in it: body, caption, title tapped, or name of the place; may be empty."""
    kind = payload["type"]
    content = payload[kind]
    if kind == "text":
        return str(content["body"])
    if kind == "interactive":
        reply = content.get(content["type"])
        return str(reply["title"] if reply else content["body"]["text"])
    if kind == "contacts":
        return ", ".join(str(contact["name"]["formatted_name"]) for contact in content)
    return str(content.get("caption") or content.get("name") or "")


def one_line(payload: Mapping[str, Any], labels: Labels) -> str:
    """The words behind a small picture of their kind; a kind without words is named."""
    kind = payload["type"]
    said = " ".join(plain(words(payload)).split())
    if kind not in MARKS:
        return said
    return f"{MARKS[kind]} {said or labels('kind_' + kind)}"
