"""`relais whatsapp parse` tells an operator what webhook bodies contain."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.__main__ import relais
from tests.channels.whatsapp.cast import FIXTURES, GRACE, GRACE_ID, KIMIA, KIMIA_ACCOUNT, fixture


@pytest.fixture(autouse=True)
def _nothing_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no database: an empty folder."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(relais, ["whatsapp", "parse", *map(str, arguments)], input=typed)


def printed(result: Result) -> list[dict[str, Any]]:
    return [json.loads(text) for text in result.stdout.splitlines()]


def situation(name: str) -> Path:
    return FIXTURES / f"{name}.json"


def test_a_message_is_one_line_with_all_that_an_operator_asks_for() -> None:
    result = run(situation("image"))

    assert result.exit_code == 0
    assert printed(result) == [
        {
            "file": str(situation("image")),
            "item": "message",
            "kind": "image",
            "text": "Le colis",
            "phone_number_id": KIMIA,
            "waba_id": KIMIA_ACCOUNT,
            "wamid": "wamid.GRACE1",
            "sender": {"wa_id": GRACE, "user_id": GRACE_ID, "name": "Grâce Mabiala"},
            "at": "2025-06-16T16:24:05Z",
            "more": {
                "content": {
                    "kind": "image",
                    "media_id": "1003383421387256",
                    "mime_type": "image/jpeg",
                    "voice": False,
                    "animated": False,
                    "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
                    "url": "https://lookaside.example/1",
                }
            },
            "kept_raw": False,
        }
    ]


def test_every_item_of_a_body_has_a_line_and_what_was_kept_raw_says_why() -> None:
    lines = printed(run(situation("broken_beside_whole"), situation("call"), situation("kind_not_known")))

    assert [(line["item"], line.get("kind"), line.get("why")) for line in lines] == [
        ("message", "text", None),
        ("unreadable", None, "message.text is not an object"),
        ("message", "text", None),
        ("unreadable", None, "message is not an object"),
        ("unreadable", None, "message.timestamp is not a whole number"),
        ("unreadable", None, "status.status is missing"),
        ("status", "read", None),
        ("news", "calls", "calls is not read here, or not all of it"),
        ("message", "hologram", "a message of the kind hologram is not read here"),
    ]
    assert all(line["kept_raw"] is ("why" in line) for line in lines)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("order", "order", "Pour samedi"),
        ("button_reply", "button_reply", "Contact"),
        ("location", "location", "Marché Total"),
        ("reaction", "reaction", "👍🏾"),
        ("edit_of_text", "edit", "Demain plutôt"),
        ("flow_reply", "flow_reply", "Sent"),
        ("revoke", "revoke", None),
        ("echo_of_text", "text", "Je m'en occupe"),
    ],
)
def test_the_text_is_what_a_chat_would_show(name: str, kind: str, text: str | None) -> None:
    (line,) = printed(run(situation(name)))

    assert (line["kind"], line.get("text")) == (kind, text)


def test_raw_json_is_printed_where_it_is_asked_for() -> None:
    (line,) = printed(run("--raw", situation("call")))

    assert line["raw"] == fixture("call")["entry"][0]["changes"][0]


def test_a_file_may_hold_a_body_per_line_and_be_typed_in() -> None:
    bodies = [json.dumps(fixture(name)) for name in ("text", "status_read")]

    lines = printed(run("-", typed="\n\n".join(bodies) + "\n"))

    assert [(line["file"], line["item"]) for line in lines] == [("-:1", "message"), ("-:3", "status")]


def test_a_file_that_is_no_webhook_is_named_and_the_others_are_printed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("call Grâce\nbefore noon\n")
    (tmp_path / "page.json").write_text('{"object": "page"}')
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(f"{json.dumps(fixture('text'))}\nnoise\n")

    result = run("notes.txt", "missing.json", "page.json", "mixed.jsonl", situation("status_read"))

    assert result.exit_code == 1
    assert [line["item"] for line in printed(result)] == ["message", "status"]
    assert result.stderr.splitlines() == [
        "notes.txt: the body is not JSON.",
        "missing.json: No such file or directory.",
        "page.json: the body is not an object of whatsapp_business_account.",
        "mixed.jsonl:2: the body is not JSON.",
    ]


def test_every_situation_has_lines() -> None:
    result = run(*sorted(FIXTURES.glob("*.json")))

    assert result.exit_code == 0
    assert len({line["file"] for line in printed(result)}) == len(list(FIXTURES.glob("*.json")))


def test_the_help_says_that_it_prints_what_people_wrote() -> None:
    assert "Phone numbers, names and texts are" in CliRunner().invoke(relais, ["whatsapp", "parse", "-h"]).stdout
