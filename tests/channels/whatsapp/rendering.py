"""What the tests of the renderer share."""

from typing import Any

from channels.whatsapp.messages import (
    List,
    Message,
    Row,
)
from channels.whatsapp.render import render

PHOTO = "http://127.0.0.1:8090/photos/1.jpg"


class Issued:
    """Issues ids in turn, and remembers for what."""

    def __init__(self) -> None:
        self.options: list[tuple[str, str]] = []

    def __call__(self, payload: str, title: str) -> str:
        self.options.append((payload, title))
        return f"t-{len(self.options)}"


def said(response: dict[str, Any]) -> list[Message]:
    return render(response, Issued())


def options(count: int) -> list[dict[str, str]]:
    return [{"title": f"Choix {number}", "payload": f"/choose{number}"} for number in range(1, count + 1)]


def rows_of(message: Message) -> list[Row]:
    assert isinstance(message, List)
    return [row for section in message.sections for row in section.rows]
