"""The command starts, or says in one sentence what to change."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from demo.backend.app import openapi_text

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0  # importing takes two on a busy machine


def _run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command far from any .env of the developer."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BACKEND_", "VAR_"))}
    return subprocess.run(
        [sys.executable, "-m", "demo.backend", *arguments],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(ROOT), "VAR_DIR": str(tmp_path / "var")} | environment,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = _run(tmp_path, "--reset", BACKEND_PORT=str(port), BACKEND_TOKEN="demo")

    sentence = f"Port {port} on 127.0.0.1 is taken: stop what uses it, or set BACKEND_PORT to another."
    assert (ended.returncode, ended.stderr.strip(), ended.stdout) == (1, sentence, "")
    assert not (tmp_path / "var").exists()


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    ended = _run(tmp_path)

    sentence = (
        "BACKEND_TOKEN is missing: set it in .env or in the environment (.env.example has a value to start with)."
    )
    assert (ended.returncode, ended.stderr.strip()) == (1, sentence)


def test_every_wrong_setting_is_named_in_a_line_of_its_own(tmp_path: Path) -> None:
    ended = _run(tmp_path, BACKEND_PORT="70000", BACKEND_TOKEN="")

    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == [
        "BACKEND_PORT is wrong",
        "BACKEND_TOKEN is wrong",
    ]


def test_the_written_contract_is_the_one_the_backend_serves() -> None:
    written = (ROOT / "docs" / "backend-openapi.json").read_text(encoding="utf-8")

    assert written == openapi_text(), "python -m demo.backend --openapi > docs/backend-openapi.json"
    document = json.loads(written)
    assert set(document["paths"]) == {
        "/v1/missions",
        "/v1/missions/{code}",
        "/v1/products",
        "/v1/products/{product_id}",
        "/photos/{product_id}.jpg",
    }


def test_the_contract_names_every_field_in_the_guide() -> None:
    document = json.loads((ROOT / "docs" / "backend-openapi.json").read_text(encoding="utf-8"))
    guide = (ROOT / "docs" / "backend.md").read_text(encoding="utf-8")

    fields = {field for schema in document["components"]["schemas"].values() for field in schema["properties"]}
    unexplained = {
        name for name in fields | set(document["paths"]) if f"`{name}`" not in guide and f'"{name}"' not in guide
    }

    assert unexplained == set()
