"""Starting: from settings to a page, or one sentence that says why not."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from channels.whatsapp.emulator.__main__ import main
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.directory import read_directory
from channels.whatsapp.emulator.problems import DatabaseProblem, DirectoryProblem
from channels.whatsapp.emulator.serving import listen
from tests.channels.whatsapp.emulator.world import BUSINESSES, KIMIA, eventually

ROOT = Path(__file__).parents[4]
SETTINGS = {"WHATSAPP_TOKEN": "t", "WHATSAPP_APP_SECRET": "s", "WHATSAPP_VERIFY_TOKEN": "v"}


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own with good settings, as a shell would be in it."""
    (tmp_path / "business.yml").write_text(BUSINESSES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {**SETTINGS, "EMULATOR_PORT": str(_free_port())}.items():
        monkeypatch.setenv(name, value)
    yield tmp_path
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("WHATSAPP_TOKEN", "", "WHATSAPP_TOKEN is missing"),
        ("EMULATOR_PORT", "many", "EMULATOR_PORT is wrong"),
        ("EMULATOR_WEBHOOK_URL", "localhost", "EMULATOR_WEBHOOK_URL is wrong"),
        ("BUSINESS_FILE", "none.yml", "BUSINESS_FILE"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    in_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    named: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert main() == 1
    said = capsys.readouterr().err
    assert named in said
    assert len(said.splitlines()) == 1


def test_a_taken_port_is_named_with_the_setting_that_moves_it(
    in_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen(0) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("EMULATOR_PORT", port)
        assert main() == 1
    said = capsys.readouterr().err
    assert port in said
    assert "EMULATOR_PORT" in said
    assert len(said.splitlines()) == 1


@pytest.mark.slow
async def test_it_starts_prints_its_address_and_stops_when_asked_even_with_a_page_open(in_folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "channels.whatsapp.emulator"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().split()[-1]
    async with httpx.AsyncClient(trust_env=False) as http:
        await eventually(lambda: _answers(http, address))
        async with http.stream("GET", f"{address}events?since=0") as response:
            await anext(response.aiter_lines())
            process.terminate()
            _, said = await asyncio.wait_for(process.communicate(), 10)
    assert said.decode() == ""
    assert (in_folder / "var" / "emulator.db").exists()


def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "emulator.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DatabaseProblem, match="newer version"):
        Database(tmp_path / "emulator.db")


@pytest.mark.parametrize("content", ["", "businesses: []", "businesses: [{}]", "businesses: [", "businesses: 5"])
def test_a_useless_business_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "business.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DirectoryProblem, match=r"business\.yml"):
        read_directory(file)


def test_people_of_an_unknown_business_write_to_the_first_one(tmp_path: Path) -> None:
    business, people = tmp_path / "business.yml", tmp_path / "people.yml"
    business.write_text(BUSINESSES, encoding="utf-8")
    people.write_text("people: [{phone: '+21620123456', name: Sami, writes_to: '5'}]", encoding="utf-8")
    (person,) = read_directory(business, people).people
    assert person.phone_number_id == KIMIA


async def _answers(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(address)).status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    listener = listen(0)
    port: int = listener.getsockname()[1]
    listener.close()
    return port
