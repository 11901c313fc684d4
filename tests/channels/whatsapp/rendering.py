"""What the tests of the renderer share."""

from collections.abc import Mapping
from typing import Any

from channels.whatsapp.messages import Audio, Buttons, Carousel, CtaUrl, List, Message, Row, Text
from channels.whatsapp.render import Labels, Rendered, render

PHOTO = "http://127.0.0.1:8090/photos/1.jpg"
LABELS = Labels(more="Plus…", choose="Choisir")


class Issued:
    """Issues ids in turn, and remembers for what."""

    def __init__(self) -> None:
        self.options: list[tuple[str, str]] = []
        self.pages: list[tuple[Mapping[str, Any], str]] = []

    def reply(self, payload: str, title: str) -> str:
        self.options.append((payload, title))
        return f"t-{len(self.options)}"

    def page(self, rest: Mapping[str, Any], title: str) -> str:
        self.pages.append((rest, title))
        return f"p-{len(self.pages)}"


def rendered(response: Mapping[str, Any], issuer: Issued | None = None) -> Rendered:
    return render(response, issuer or Issued(), LABELS)


def said(response: Mapping[str, Any], issuer: Issued | None = None) -> list[Message]:
    return list(rendered(response, issuer).messages)


def options(count: int) -> list[dict[str, str]]:
    return [{"title": f"Choix {number}", "payload": f"/choose{number}"} for number in range(1, count + 1)]


def rows_of(message: Message) -> list[Row]:
    assert isinstance(message, List)
    return [row for section in message.sections for row in section.rows]


def words_of(message: Message) -> str:
    """What a person reads, the titles of what they may tap aside."""
    match message:
        case Text(body=body) | Buttons(body=body) | List(body=body) | CtaUrl(body=body) | Carousel(body=body):
            return body
        case Audio():
            return ""
        case _:
            return getattr(message, "caption", None) or ""
