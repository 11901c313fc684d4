"""Tokens change while we run: the file is followed, and a refused token is looked up anew before anybody gives up."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.transport import TransportResponse
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.errors import Rejected
from channels.whatsapp.graph import Graph
from channels.whatsapp.messages import Text, to_payload
from channels.whatsapp.tokens import BadTokensFile, FileTokens, read_tokens
from tests.channels.whatsapp.cast import GRACE, KIMIA

OTHER, ACCOUNT = "100000000000002", "200000000000001"


def write(path: Path, tokens: Mapping[str, str]) -> None:
    """As a careful operator does it: a new file in the place of the old one."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(tokens))
    beside.replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.yml"


def test_a_number_has_its_own_token_else_its_account_s_else_the_default_else_the_setting(path: Path) -> None:
    write(path, {KIMIA: "its-own", ACCOUNT: "its-account-s"})
    tokens = FileTokens(path, fallback="the-setting", accounts={OTHER: ACCOUNT})

    assert [tokens.token(owner) for owner in (KIMIA, OTHER, ACCOUNT, "3")] == [
        "its-own",
        "its-account-s",
        "its-account-s",
        "the-setting",
    ]
    write(path, {"default": "for-all"})
    assert [tokens.token(owner) for owner in (KIMIA, OTHER, "3")] == ["for-all"] * 3


def test_the_file_may_be_yaml_and_ids_may_stand_there_without_quotes(path: Path) -> None:
    path.write_text(f"# Kimia's\n{KIMIA}: EAAG1\ndefault: ' EAAG2 '\n")

    assert read_tokens(path) == {KIMIA: "EAAG1", "default": "EAAG2"}


def test_a_broken_file_keeps_the_last_good_tokens_and_says_so_once(path: Path) -> None:
    write(path, {"default": "good"})
    tokens = FileTokens(path, fallback="the-setting")
    path.write_text("default: [very-secret")
    with capture_logs() as logs:
        assert [tokens.token(KIMIA) for _ in range(3)] == ["good"] * 3
        tokens.reread()
        path.unlink()
        assert [tokens.token(KIMIA) for _ in range(2)] == ["good"] * 2
    write(path, {"default": "better"})

    assert tokens.token(KIMIA) == "better"
    assert [line["event"] for line in logs] == ["tokens.not_read"] * 2
    assert "very-secret" not in str(logs)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[1, 2]", "must hold ids"),
        ("", "must hold ids"),
        ("default: [", "neither YAML nor JSON"),
        ("a@b: EAAG", "neither a phone_number_id"),
        ("default: 7", "the token of default"),
        ("default: ''", "the token of default"),
        ('default: "two\\nlines"', "the token of default"),
        ("default: clé", "the token of default"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_the_start_with_a_sentence(
    path: Path, text: str, problem: str
) -> None:
    path.write_text(text)

    with pytest.raises(BadTokensFile, match=problem) as raised:
        FileTokens(path, fallback="the-setting")
    assert "tokens.yml" in str(raised.value)
    assert not any(token in str(raised.value) for token in ("EAAG", "two", "clé"))


def test_a_file_that_is_not_there_is_refused_at_the_start(path: Path) -> None:
    with pytest.raises(BadTokensFile, match=r"tokens\.yml cannot be read"):
        FileTokens(path, fallback="the-setting")


def test_no_repr_shows_a_token(path: Path) -> None:
    write(path, {"default": "very-secret"})
    assert "very-secret" not in repr(FileTokens(path, fallback="very-secret"))


class Guarded:
    """A Graph API that takes one token only."""

    def __init__(self, takes: str) -> None:
        self.takes = takes
        self.tried: list[str] = []

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        token = headers["Authorization"].removeprefix("Bearer ")
        self.tried.append(token)
        document: dict[str, Any] = {"messages": [{"id": "wamid.1"}]}
        if token != self.takes:
            document = {"error": {"code": 190, "error_subcode": 463, "message": "(#190) Expired"}}
        return TransportResponse(
            status=200 if token == self.takes else 401, headers={}, body=json.dumps(document).encode()
        )

    async def aclose(self) -> None:
        pass


def client(graph: Guarded, path: Path) -> WhatsAppClient:
    tokens = FileTokens(path, fallback="the-setting")
    return WhatsAppClient(Graph(graph, "https://graph.example", "v23.0", tokens))


async def test_a_new_token_in_the_file_is_used_for_the_next_message(path: Path) -> None:
    write(path, {"default": "old"})
    graph = Guarded("old")
    ours = client(graph, path)
    await ours.send(KIMIA, GRACE, to_payload(Text(body="Bonjour")))
    graph.takes = "new"
    write(path, {"default": "new"})
    await ours.send(KIMIA, GRACE, to_payload(Text(body="Bonjour")))

    assert graph.tried == ["old", "new"]


async def test_a_refused_token_is_looked_up_anew_and_the_message_goes_once_more(path: Path) -> None:
    write(path, {"default": "old1"})
    graph = Guarded("new1")
    ours = client(graph, path)
    # Some file systems keep coarse dates: the file has changed, and nothing about it shows.
    dates = path.stat()
    path.write_text(json.dumps({"default": "new1"}))
    os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))

    await ours.send(KIMIA, GRACE, to_payload(Text(body="Bonjour")))
    assert graph.tried == ["old1", "new1"]


async def test_a_token_that_is_refused_and_has_not_changed_is_not_tried_again(path: Path) -> None:
    write(path, {"default": "old"})
    graph = Guarded("new")

    with pytest.raises(Rejected) as raised:
        await client(graph, path).send(KIMIA, GRACE, to_payload(Text(body="Bonjour")))
    assert graph.tried == ["old"]
    assert "WHATSAPP_TOKENS_FILE" in raised.value.advice
