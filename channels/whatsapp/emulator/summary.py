"""A message in one plain line: for the list of phones, for quotes, for tests that only want the words."""

from collections.abc import Mapping
from typing import Any

from channels.whatsapp.emulator.labels import Labels
from channels.whatsapp.emulator.markup import plain

MARKS = {
    "image": "📷",
    "video": "🎥",
    "audio": "🎤",
    "document": "📄",
    "sticker": "💟",
    "location": "📍",
    "contacts": "👤",
    "order": "🛒",
    "edit": "✏️",
    "revoke": "🚫",
    "reaction": "",
    "unsupported": "⚠️",
}
# Where the words of a kind stand, the first that is there.
_SAID = {
    "text": ("body",),
    "button": ("text",),
    "system": ("body",),
    "reaction": ("emoji",),
    "order": ("text",),
    "document": ("caption", "filename"),
    "location": ("name", "address"),
}


def words(payload: Mapping[str, Any]) -> str:
    """What is said in it: body, caption, title tapped, emoji, or name of the place; may be empty."""
    kind = payload["type"]
    content = payload.get(kind) or {}
    match kind:
        case "interactive":
            return _interactive(content)
        case "contacts":
            return ", ".join(str((contact.get("name") or {}).get("formatted_name", "")) for contact in content)
        case "template":
            return str(payload.get("rendered", {}).get("body", {}).get("text") or content["name"])
        case "edit":
            return words(content["message"])
    return next((str(content[name]) for name in _SAID.get(kind, ("caption",)) if content.get(name)), "")


def one_line(payload: Mapping[str, Any], labels: Labels) -> str:
    """The words behind a small picture of their kind; a kind without words is named."""
    kind = payload["type"]
    said = " ".join(plain(words(payload)).split())
    if kind == "reaction":
        return labels("reacted", emoji=said) if said else labels("reaction_removed")
    if kind == "interactive" and not said:
        return labels("kind_product")
    if kind not in MARKS:
        return said
    return f"{MARKS[kind]} {said or labels('kind_' + kind)}"


def _interactive(content: Mapping[str, Any]) -> str:
    reply = content.get(content.get("type", ""))
    if reply:
        return str(reply.get("title") or reply.get("body") or reply.get("response") or "")
    return str(content.get("body", {}).get("text", ""))
