"""How messages look in a terminal, and what can be typed there."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.chat.lines import Numbering, Option, lines_of
from server.chat.typed import NotUnderstood, act_of

OUTBOUND = sorted((Path(__file__).parents[1] / "fixtures/whatsapp/outbound").glob("*.json"))
BUTTONS = [Option(kind="button", id="t1", title="Suivre"), Option(kind="list", id="t2", title="COUR-1")]


def seen(payload: dict[str, Any]) -> str:
    return "\n".join(lines_of(payload, Numbering([])))


@pytest.mark.parametrize("file", OUTBOUND, ids=lambda file: file.stem)
def test_every_kind_of_message_is_seen(file: Path) -> None:
    assert seen(json.loads(file.read_text(encoding="utf-8"))).strip()


def test_buttons_are_numbered_and_a_photo_above_them_is_an_address() -> None:
    buttons = [{"type": "reply", "reply": {"id": str(n), "title": title}} for n, title in enumerate(("Oui", "Non"))]
    header = {"type": "image", "image": {"link": "https://kimia.example/poulet.jpg"}}
    interactive = {"type": "button", "header": header, "body": {"text": "Sûr ?"}, "action": {"buttons": buttons}}
    expected = "[photo: https://kimia.example/poulet.jpg]\nSûr ?\n  [1] Oui\n  [2] Non"
    assert seen({"type": "interactive", "interactive": interactive}) == expected


def test_rows_follow_the_buttons_of_the_message_before() -> None:
    numbering = Numbering([BUTTONS[0]])
    rows = [{"id": "r", "title": "COUR-1", "description": "En transit"}]
    action = {"button": "Choisir", "sections": [{"title": "Mes livraisons", "rows": rows}]}
    payload = {"type": "interactive", "interactive": {"type": "list", "body": {"text": "Laquelle ?"}, "action": action}}
    lines = ["Laquelle ?", "  ☰ Choisir", "  Mes livraisons", "  [2] COUR-1 · En transit"]
    assert lines_of(payload, numbering) == lines
    assert numbering.options[-1] == Option(kind="list", id="r", title="COUR-1", description="En transit")


def test_a_card_and_a_place() -> None:
    card = {"name": {"formatted_name": "Jean Malonga"}, "phones": [{"phone": "+242 06 987 65 43"}]}
    assert seen({"type": "contacts", "contacts": [card]}) == "[contact: Jean Malonga · +242 06 987 65 43]"
    place = {"latitude": -4.26, "longitude": 15.28, "name": "Marché Total"}
    assert seen({"type": "location", "location": place}) == "[place: -4.26, 15.28 · Marché Total]"


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("bonjour", {"type": "text", "text": "bonjour"}),
        ("1", {"type": "button", "id": "t1"}),
        ("2", {"type": "list", "id": "t2"}),
        ("3", {"type": "text", "text": "3"}),
        ("=1", {"type": "text", "text": "1"}),
        ("=:-)", {"type": "text", "text": ":-)"}),
        (":place -4.26 15.28", {"type": "location", "latitude": -4.26, "longitude": 15.28}),
        (":place 36.8, 10", {"type": "location", "latitude": 36.8, "longitude": 10.0}),
        (":photo", {"type": "image"}),
        (":photo il est cassé", {"type": "image", "caption": "il est cassé"}),
    ],
)
def test_what_is_typed_is_what_a_person_does(line: str, act: dict[str, Any]) -> None:
    assert act_of(line, BUTTONS) == act


@pytest.mark.parametrize("line", [":place", ":place here", ":photograph", ":-)"])
def test_what_no_phone_can_do_is_said(line: str) -> None:
    with pytest.raises(NotUnderstood, match=":help"):
        act_of(line, BUTTONS)
