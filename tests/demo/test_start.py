"""The command starts, or says in one sentence what to change."""

import json
import socket
from pathlib import Path

import pytest

from demo.backend.app import openapi_text
from tests.demo.command import ROOT, run


@pytest.mark.slow
def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = run(tmp_path, "--reset", BACKEND_PORT=str(port), BACKEND_TOKEN="demo")

    sentence = f"Port {port} on 127.0.0.1 is taken: stop what uses it, or set BACKEND_PORT to another."
    assert (ended.returncode, ended.stderr.strip(), ended.stdout) == (1, sentence, "")
    assert not (tmp_path / "var").exists()


@pytest.mark.slow
def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    ended = run(tmp_path)

    sentence = (
        "BACKEND_TOKEN is missing: set it in .env or in the environment (.env.example has a value to start with)."
    )
    assert (ended.returncode, ended.stderr.strip()) == (1, sentence)


@pytest.mark.slow
def test_every_wrong_setting_is_named_in_a_line_of_its_own(tmp_path: Path) -> None:
    ended = run(tmp_path, BACKEND_PORT="70000", BACKEND_TOKEN="")

    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == [
        "BACKEND_PORT is wrong",
        "BACKEND_TOKEN is wrong",
    ]


def test_the_written_contract_is_the_one_the_backend_serves() -> None:
    written = (ROOT / "docs" / "backend-openapi.json").read_text(encoding="utf-8")

    assert written == openapi_text(), "python -m demo.backend --openapi > docs/backend-openapi.json"


def test_the_guide_explains_every_field_path_and_code_of_the_contract() -> None:
    document = json.loads((ROOT / "docs" / "backend-openapi.json").read_text(encoding="utf-8"))
    guide = (ROOT / "docs" / "backend.md").read_text(encoding="utf-8")

    schemas = document["components"]["schemas"]
    fields = {field for schema in schemas.values() for field in schema.get("properties", ())}
    unexplained = {
        name
        for name in fields | set(document["paths"]) | set(schemas["Code"]["enum"])
        if f"`{name}`" not in guide and f'"{name}"' not in guide
    }

    assert unexplained == set()
