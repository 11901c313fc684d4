"""What a message looks like in WhatsApp, from the JSON that came or went; pure.

Kinds that are not known here are shown by their name: nothing is left out silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from conversations import sent_files

MEDIA: Final = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button, or a row of a list."""

    title: str
    hint: str = ""
    url: str = ""
    id: str = field(default="", repr=False)
    """What a tap on it sends back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message, as far as it has each of these."""

    kind: str
    text: str = field(default="", repr=False)
    header: str = ""
    footer: str = ""
    media: str = ""
    """image, video, audio, document or sticker, where there is a file"""
    media_name: str = ""
    media_link: str = field(default="", repr=False)
    sent_file: str | None = None
    """The id of a file of ours that an agent sent."""
    place: tuple[float, float] | None = field(default=None, repr=False)
    place_name: str = field(default="", repr=False)
    contacts: Sequence[tuple[str, str]] = field(default=(), repr=False)
    """Name and number of each card."""
    buttons: Sequence[Choice] = ()
    list_button: str = ""
    rows: Sequence[Choice] = ()
    cards: Sequence["Bubble"] = ()
    is_tap: bool = False
    is_reaction: bool = False


def heard(kind: str, raw: Mapping[str, Any]) -> Bubble:
    """What a person sent."""
    part = _mapping(raw.get(kind))
    match kind:
        case "text":
            return Bubble(kind=kind, text=_text(part.get("body")))
        case "contacts":
            return Bubble(kind=kind, contacts=_cards(raw))
        case "interactive":
            reply = _mapping(part.get("button_reply") or part.get("list_reply"))
            return Bubble(
                kind=kind, text=_text(reply.get("title")), footer=_text(reply.get("description")), is_tap=True
            )
        case "button":
            return Bubble(kind=kind, text=_text(part.get("text")), is_tap=True)
        case "reaction":
            return Bubble(kind=kind, text=_text(part.get("emoji")), is_reaction=True)
        case "order":
            return Bubble(kind=kind, text=_text(part.get("text")), rows=_ordered(part))
        case _:
            return _alike(kind, part)


def said(payload: Mapping[str, Any], words: str | None) -> Bubble:
    """What we sent; `words` are the person's view of it where the payload does not hold them."""
    kind = _text(payload.get("type")) or "unknown"
    part = _mapping(payload.get(kind))
    match kind:
        case "text":
            return Bubble(kind=kind, text=_text(part.get("body")))
        case "contacts":
            return Bubble(kind=kind, contacts=_cards(payload))
        case "interactive":
            return _interactive(part)
        case "template":
            return Bubble(kind=kind, text=words or _text(part.get("name")))
        case "reaction":
            return Bubble(kind=kind, text=_text(part.get("emoji")), is_reaction=True)
        case _:
            found = _alike(kind, part)
            return found if found.text or not words else Bubble(kind=kind, text=words)


def _alike(kind: str, part: Mapping[str, Any]) -> Bubble:
    """What looks the same in both directions."""
    match kind:
        case _ if kind in MEDIA:
            name, link = _text(part.get("filename")), _text(part.get("link"))
            return Bubble(
                kind=kind,
                text=_text(part.get("caption")),
                media=kind,
                media_name=name,
                media_link=link,
                sent_file=sent_files.id_of(link),
            )
        case "location":
            where = _number(part.get("latitude")), _number(part.get("longitude"))
            name = ", ".join(filter(None, (_text(part.get("name")), _text(part.get("address")))))
            return Bubble(kind=kind, place=where, place_name=name)
        case _:
            return Bubble(kind=kind)


def _cards(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and first number of each card of a message."""
    found = document.get("contacts")
    cards = [_mapping(each) for each in found] if isinstance(found, list) else []
    return [(_text(_mapping(card.get("name")).get("formatted_name")), _first_phone(card)) for card in cards]


def _interactive(part: Mapping[str, Any]) -> Bubble:
    action, header = _mapping(part.get("action")), _mapping(part.get("header"))
    media = next((kind for kind in MEDIA if kind in header), "")
    shown = _mapping(header.get(media))
    kind = _text(part.get("type"))
    return Bubble(
        kind=kind,
        text=_text(_mapping(part.get("body")).get("text")),
        header=_text(header.get("text")),
        footer=_text(_mapping(part.get("footer")).get("text")),
        media=media,
        media_name=_text(shown.get("filename")),
        media_link=_text(shown.get("link")),
        buttons=_buttons(action),
        list_button=_text(action.get("button")) if kind == "list" else "",
        rows=[
            Choice(title=_text(row.get("title")), hint=_text(row.get("description")), id=_text(row.get("id")))
            for section in _each(action, "sections")
            for row in _each(section, "rows")
        ],
        cards=[_interactive(card) for card in _each(action, "cards")],
    )


def _buttons(action: Mapping[str, Any]) -> list[Choice]:
    replies = [_mapping(each.get("reply") or each.get("quick_reply")) for each in _each(action, "buttons")]
    found = [Choice(title=_text(each.get("title")), id=_text(each.get("id"))) for each in replies if each.get("title")]
    parameters = _mapping(action.get("parameters"))
    if parameters.get("display_text") or parameters.get("flow_cta"):
        title = _text(parameters.get("display_text") or parameters.get("flow_cta"))
        found.append(Choice(title=title, url=_text(parameters.get("url"))))
    return found


def _ordered(part: Mapping[str, Any]) -> list[Choice]:
    return [
        Choice(title=f"{_text(item.get('quantity'))} × {_text(item.get('product_retailer_id'))}")
        for item in _each(part, "product_items")
    ]


def _first_phone(card: Mapping[str, Any]) -> str:
    return next((_text(phone.get("phone")) for phone in _each(card, "phones") if phone.get("phone")), "")


def _each(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = part.get(name)
    return [_mapping(each) for each in found] if isinstance(found, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
