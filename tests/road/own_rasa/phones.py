"""What a person does on the phone, and what they see there."""

import json
from typing import Any

from tests.stack import Stack


def tap(relais: Stack, person: str, title: str) -> list[dict[str, Any]]:
    """The answer to a tap on the newest button of this title."""
    return relais.heard(person, relais.send(person, {"type": "button", "title": title}))


def texts(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["text"] for answer in answers]


def wire(answers: list[dict[str, Any]]) -> str:
    """Everything that was sent, for a look at what is no text."""
    return json.dumps([answer["payload"] for answer in answers])
