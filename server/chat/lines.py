"""A WhatsApp message as lines of a terminal, and what can be tapped in it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

type Payload = Mapping[str, Any]

FILES = {"image": "photo", "video": "video", "audio": "voice", "document": "file", "sticker": "sticker"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A button, or a row of a list."""

    kind: Literal["button", "list"]
    id: str
    title: str
    description: str = ""


@dataclass(slots=True)
class Numbering:
    """Gives the options of one answer their numbers, from 1, whichever of its messages they stand in."""

    options: list[Option]

    def line(self, option: Option) -> str:
        self.options.append(option)
        about = f" · {option.description}" if option.description else ""
        return f"  [{len(self.options)}] {option.title}{about}"


def lines_of(payload: Payload, numbering: Numbering) -> list[str]:
    """What a person would see of it; options get the next numbers."""
    kind = str(payload["type"])
    content = payload.get(kind) or {}
    match kind:
        case "text":
            return str(content["body"]).splitlines()
        case "interactive":
            return _interactive(content, numbering)
        case "contacts":
            return [_card(card) for card in content]
        case "location":
            named = " · ".join(content[key] for key in ("name", "address") if content.get(key))
            return [f"[place: {content['latitude']}, {content['longitude']}{named and f' · {named}'}]"]
        case "template":
            return _template(payload, numbering)
        case _ if kind in FILES:
            return [_file(FILES[kind], content), *str(content.get("caption", "")).splitlines()]
        case _:
            return [f"[{kind}]"]


def _interactive(content: Payload, numbering: Numbering) -> list[str]:
    lines = [*_header(content.get("header")), *_text(content.get("body"))]
    action = content.get("action", {})
    match content["type"]:
        case "button":
            lines += [numbering.line(_button(each["reply"])) for each in action["buttons"]]
        case "list":
            lines += [f"  ☰ {action['button']}"] if "button" in action else []
            lines += _rows(action["sections"], numbering)
        case "carousel":
            for card in action["cards"]:
                lines += _card_of_carousel(card, numbering)
        case "cta_url":
            lines.append(f"  [link: {action['parameters']['display_text']} → {action['parameters']['url']}]")
        case other:
            lines.append(f"[{other}]")
    return lines + _text(content.get("footer"))


def _rows(sections: Iterable[Payload], numbering: Numbering) -> list[str]:
    lines = []
    for section in sections:
        lines += [f"  {section['title']}"] if section.get("title") else []
        for row in section["rows"]:
            option = Option(kind="list", id=row["id"], title=row["title"], description=row.get("description", ""))
            lines.append(numbering.line(option))
    return lines


def _card_of_carousel(card: Payload, numbering: Numbering) -> list[str]:
    lines = [*_header(card.get("header")), *_text(card.get("body"))]
    action = card.get("action", {})
    lines += [numbering.line(_button(each["quick_reply"])) for each in action.get("buttons", ())]
    if "parameters" in action:
        lines.append(f"  [link: {action['parameters']['display_text']} → {action['parameters']['url']}]")
    return lines


def _template(payload: Payload, numbering: Numbering) -> list[str]:
    rendered = payload.get("rendered") or {}
    lines = _text(rendered.get("body")) or [f"[template: {payload['template']['name']}]"]
    for button in rendered.get("buttons") or ():
        if button["type"].lower() == "quick_reply":
            identity = button.get("payload") or button["text"]
            lines.append(numbering.line(Option(kind="button", id=identity, title=button["text"])))
        else:
            lines.append(f"  [link: {button['text']}]")
    return lines


def _header(header: Payload | None) -> list[str]:
    if not header:
        return []
    kind = str(header["type"])
    return [f"*{header['text']}*"] if kind == "text" else [_file(FILES.get(kind, kind), header.get(kind) or {})]


def _text(part: Payload | None) -> list[str]:
    return str(part["text"]).splitlines() if part else []


def _file(name: str, content: Payload) -> str:
    where = content.get("link") or content.get("filename") or content.get("id") or ""
    return f"[{name}: {where}]"


def _card(card: Payload) -> str:
    phones = ", ".join(str(phone.get("phone", "")) for phone in card.get("phones", ()))
    return f"[contact: {card['name']['formatted_name']} · {phones}]"


def _button(face: Payload) -> Option:
    return Option(kind="button", id=face["id"], title=face["title"])
