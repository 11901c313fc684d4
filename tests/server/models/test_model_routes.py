"""Models over HTTP: whole, with their ETag, for whoever has the secret; Rasa's own way to pull one works with it."""

import asyncio
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.settings import ROOT
from tests.house import SECRET, House
from tests.server.desk.desk_house import DeskHouse
from tests.server.models.model_house import BASE, BETTER, fill
from tests.serving import serving

OURS = {"Authorization": f"Bearer {SECRET}"}
BOT_PYTHON = ROOT / "bot/.venv/bin/python"

PULL = """
import asyncio, json, os, sys
from relais_bot import quiet
quiet.prepare_environment(os.environ, sys.argv[2])
from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
async def main():
    endpoints = AvailableEndpoints.read_endpoints(sys.argv[1])
    agent = await load_agent(endpoints=endpoints)
    first = agent.fingerprint
    print(json.dumps({"ready": agent.is_ready(), "model": agent.model_name, "etag": first}), flush=True)
    sys.stdin.readline()
    for _ in range(200):
        if agent.fingerprint != first:
            break
        await asyncio.sleep(0.1)
    print(json.dumps({"etag": agent.fingerprint, "text": (await agent.parse_message("bonjour"))["intent"]["name"]}))
asyncio.run(main())
"""


async def test_the_current_model_comes_with_its_etag_once(small_house: House) -> None:
    files = fill(small_house.parts.settings.models_dir)
    first = await small_house.private.get("/models/current", headers=OURS)
    again = await small_house.private.get("/models/current", headers={**OURS, "If-None-Match": first.headers["etag"]})
    files.point_current(BETTER)
    other = await small_house.private.get("/models/current", headers={**OURS, "If-None-Match": first.headers["etag"]})
    named = await small_house.private.get(f"/models/{BASE}", headers=OURS)

    assert (first.status_code, first.headers["filename"]) == (200, BASE)
    assert first.content == files.find(BASE).read_bytes() == named.content
    assert first.headers["etag"] == f'"{files.digest(files.find(BASE))}"'
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.headers["filename"]) == (200, BETTER)


@pytest.mark.parametrize("path", ["/models/current", "/models/gone.tar.gz", "/models/..%2f..%2fetc%2fpasswd"])
async def test_there_is_nothing_but_models(small_house: House, path: str) -> None:
    assert (await small_house.private.get(path, headers=OURS)).status_code == 404
    assert (await small_house.private.get("/models/current")).status_code == 401
    assert (await small_house.public.get("/models/current", headers=OURS)).status_code == 404


async def told(stream: asyncio.StreamReader) -> dict[str, Any]:
    """The next object in what it prints; Rasa logs between them."""
    async with asyncio.timeout(120):
        while not (line := await stream.readline()).startswith(b"{"):
            assert line, "it ended"
        found: dict[str, Any] = json.loads(line)
        return found


@pytest.mark.slow
@pytest.mark.skipif(not BOT_PYTHON.exists(), reason="the bot's environment is not there")
async def test_rasas_own_models_endpoint_pulls_it_and_the_next_one(small_desk: DeskHouse, tmp_path: Path) -> None:
    """As anybody's endpoints.yml has it, in Rasa's own code."""
    models, project = small_desk.parts.settings.models_dir, ROOT / "tests/bot/project"
    files = ["--config", project / "config.yml", "--domain", project / "domain.yml", "--data", project / "data"]
    environment = {"PYTHONPATH": str(ROOT / "bot"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    train = [str(each) for each in (BOT_PYTHON, "-m", "relais_bot.train", *files, "--out", models, "--force")]
    await asyncio.to_thread(subprocess.run, train, env=environment, check=True, capture_output=True)
    endpoints, token = tmp_path / "endpoints.yml", f"Bearer {SECRET}"
    async with serving(small_desk.app) as address:
        endpoints.write_text(
            f"models:\n  url: http://{address}/models/current\n  wait_time_between_pulls: 1\n"
            f"  headers:\n    Authorization: {token}\n"
        )
        pulling = await asyncio.create_subprocess_exec(
            *(str(BOT_PYTHON), "-W", "ignore", "-c", PULL, str(endpoints), str(tmp_path)),
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert pulling.stdout is not None
        assert pulling.stdin is not None
        first = await told(pulling.stdout)
        await asyncio.to_thread(subprocess.run, train, env=environment, check=True, capture_output=True)
        pulling.stdin.write(b"go on\n")
        second = await told(pulling.stdout)
        await pulling.wait()

    assert first["ready"]
    assert second["text"] == "greet"
    assert second["etag"] not in (None, first["etag"])
