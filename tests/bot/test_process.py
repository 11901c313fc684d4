"""The bot as a process: started by the launcher, killed in the worst moments, and there again."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from action_server_fake import FakeActionServer
from conftest import REPOSITORY, SECRET
from http_bot import BotProcess, Reply

CODE = "COUR-20250127-061"
LAUNCHER = ("-m", "relais_bot.launcher")


@pytest.fixture
def folder(tmp_path: Path, model: Path) -> Path:
    """A checkout as small as it can be: the real settings of Rasa, the model of the tests."""
    for name in ("credentials.yml", "endpoints.yml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / "models").symlink_to(model.parent)
    return tmp_path


@pytest.fixture
async def process(folder: Path, action_server: FakeActionServer) -> AsyncIterator[BotProcess]:
    process = BotProcess(REPOSITORY, folder, {"ACTIONS_URL": action_server.url}, SECRET)
    yield process
    await process.stop()


def texts(reply: Reply) -> list[str]:
    return [response["text"] for response in reply.body["responses"]]


async def test_it_starts_quietly_answers_and_ends_when_told(process: BotProcess) -> None:
    await process.start(*LAUNCHER)
    reply = await process.client.turn("hello my secret words", sender_id="sender-secret")
    child = process.children()[0]
    memory = Path(f"/proc/{child}/status").read_text()
    await process.stop()

    assert reply.status == 200
    assert await process.ended() == 0
    assert not Path(f"/proc/{child}").exists()
    assert process.printed().splitlines()[0] == "Starting the bot: Rasa takes a few seconds to load."
    assert f"Bot ready on http://127.0.0.1:{process.port}" in process.printed()
    assert "secret" not in process.printed()
    assert len(process.printed().splitlines()) == 2
    assert int(memory.split("VmRSS:")[1].split()[0]) < 300_000, "kB; TensorFlow alone takes as much"


async def test_it_listens_on_loopback_only_and_offers_nothing_else(process: BotProcess) -> None:
    await process.start(*LAUNCHER)
    listening = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == process.port
    ]
    path = f"{process.client.url}/conversations/x/tracker"
    async with aiohttp.ClientSession() as session, session.get(path) as reply:
        status = reply.status

    assert listening == [f"0100007F:{process.port:04X}"]
    assert status == 404


async def test_killed_in_the_middle_of_a_turn_it_comes_back_and_the_turn_runs(
    process: BotProcess, action_server: FakeActionServer
) -> None:
    await process.start(*LAUNCHER)
    turn_id = str(uuid.uuid4())
    await process.client.turn("hello")
    action_server.gate.clear()
    asking = asyncio.create_task(process.client.turn(f"track my order {CODE}", turn_id=turn_id))
    await action_server.started.wait()
    os.kill(process.children()[0], signal.SIGKILL)
    with pytest.raises(aiohttp.ClientError):
        await asking
    action_server.gate.set()
    await process.wait_ready()
    again = await process.client.turn(f"track my order {CODE}", turn_id=turn_id)

    assert "was ended by SIGKILL" in process.printed()
    assert (texts(again), again.body["replayed"]) == ([f"{CODE} in en"], False)
    assert [call["tracker"]["latest_message"]["message_id"] for call in action_server.calls] == [turn_id] * 2


async def test_killed_after_the_save_it_answers_what_was_recorded_without_acting_again(
    process: BotProcess, action_server: FakeActionServer
) -> None:
    turn_id = str(uuid.uuid4())
    await process.start(str(Path(__file__).parent / "dying_bot.py"))
    with pytest.raises(aiohttp.ClientError):
        await process.client.turn(f"track my order {CODE}", turn_id=turn_id)
    assert await process.ended() == -signal.SIGKILL
    await process.start(*LAUNCHER)
    again = await process.client.turn(f"track my order {CODE}", turn_id=turn_id)
    after = await process.client.turn("hello", slots={"business_name": "Kimia"})

    assert (texts(again), again.body["replayed"]) == ([f"{CODE} in en"], True)
    assert action_server.names() == ["action_track"]
    assert texts(after) == ["Hello from Kimia"]


async def test_told_to_end_it_finishes_the_turn_under_way(process: BotProcess, action_server: FakeActionServer) -> None:
    await process.start(*LAUNCHER)
    action_server.gate.clear()
    asking = asyncio.create_task(process.client.turn(f"track my order {CODE}"))
    await action_server.started.wait()
    process.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.3)
    action_server.gate.set()
    reply = await asking

    assert texts(reply) == [f"{CODE} in en"]
    assert await process.ended() == 0


async def test_when_the_launcher_is_killed_the_bot_goes_with_it(process: BotProcess) -> None:
    await process.start(*LAUNCHER)
    child = process.children()[0]
    process.process.kill()
    await process.ended()

    await until(lambda: not is_running(child))


async def test_a_taken_port_is_named_with_the_setting_that_moves_it(process: BotProcess) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", process.port))
        taken.listen()
        await process.start(*LAUNCHER, ready=False)
        code = await process.ended()

    assert code == 1
    assert process.printed() == f"Port {process.port} is taken by another program: set BOT_PORT to a free one.\n"


async def test_a_missing_model_says_how_to_make_one(process: BotProcess, folder: Path) -> None:
    (folder / "models").unlink()
    await process.start(*LAUNCHER, ready=False)

    assert await process.ended() == 1
    assert process.printed() == "There is no model at models/current.tar.gz: run `make train`.\n"


async def test_a_refused_database_is_not_tried_again(process: BotProcess, folder: Path) -> None:
    import sqlite3

    (folder / "var").mkdir()
    with sqlite3.connect(folder / "var" / "bot.db") as database:
        database.execute("CREATE TABLE events (id INTEGER)")
    await process.start(*LAUNCHER, ready=False)

    assert await process.ended() == 1
    assert "give the bot a database of its own" in process.printed().splitlines()[-1]
    assert "Traceback" not in process.printed()


@pytest.mark.parametrize("name", ["credentials.yml", "endpoints.yml"])
async def test_the_wrong_folder_is_named(process: BotProcess, folder: Path, name: str) -> None:
    (folder / name).unlink()
    await process.start(*LAUNCHER, ready=False)

    assert await process.ended() == 1
    assert f"There is no {name} in {folder}" in process.printed()


async def test_a_file_that_is_no_model_says_how_to_make_one(process: BotProcess, folder: Path) -> None:
    (folder / "broken.tar.gz").write_text("not a model")
    await process.start(*LAUNCHER, "--model", "broken.tar.gz", ready=False)

    assert await process.ended() == 1
    assert "run `make train`" in process.printed()


async def test_a_bot_that_keeps_dying_is_started_with_growing_pauses(process: BotProcess, tmp_path: Path) -> None:
    script = tmp_path / "launch.py"
    script.write_text(
        "import logging, sys\nfrom relais_bot.launcher import Launcher\n"
        "logging.basicConfig(format='%(message)s', stream=sys.stdout, level=logging.INFO)\n"
        "sys.exit(Launcher([sys.executable, '-c', 'raise SystemExit(3)'], first_pause_seconds=0.05).run())\n"
    )
    await process.start(str(script), ready=False)
    await until(lambda: process.printed().count("it starts again") >= 4)
    await process.stop()

    pauses = [line.split(" in ")[1] for line in process.printed().splitlines() if "it starts again" in line]
    assert pauses[:4] == ["0.05 s.", "0.1 s.", "0.2 s.", "0.4 s."]
    assert await process.ended() == 0


async def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_launcher_itself_is_small() -> None:
    """It lives as long as the bot does, and must not import what the bot imports."""
    ask = "import sys, relais_bot.launcher; print({m.split('.')[0] for m in sys.modules} & set(sys.argv[1:]))"
    command = [sys.executable, "-c", ask, "rasa", "sanic", "sqlalchemy", "numpy"]
    asked = subprocess.run(command, env={"PYTHONPATH": "bot"}, cwd=REPOSITORY, capture_output=True, text=True)

    assert asked.stdout.strip() == "set()", asked.stderr
