"""Another model takes over while turns run: none is lost, none fails, and one that is no good changes nothing."""

import asyncio
import gc
import shutil
import tarfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from action_server_fake import FakeActionServer
from bot_in_process import InProcessBot, texts
from conftest import PROJECT, REPOSITORY, SECRET
from http_bot import BotProcess, Reply

from relais_bot.model_files import CURRENT, digest_of
from relais_bot.model_swap import ModelSwap, SwapRefused
from relais_bot.train import Project, train

CODE = "COUR-20250127-061"
LAUNCHER = ("-m", "relais_bot.launcher")


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that greets otherwise."""
    root = tmp_path_factory.mktemp("other")
    shutil.copytree(PROJECT, root / "project")
    domain = root / "project/domain.yml"
    domain.write_text(domain.read_text().replace("Hello from {business_name}", "Good day from {business_name}"))
    project = Project(
        config=root / "project/config.yml", domain=domain, data=root / "project/data", models=root / "models"
    )
    return train(project).resolve()


@pytest.fixture
def models(tmp_path: Path, model: Path, other_model: Path) -> Path:
    """A folder with both, the first one being the current one."""
    folder = tmp_path / "models"
    (folder / "candidates").mkdir(parents=True)
    shutil.copy(model.resolve(), folder)
    shutil.copy(other_model, folder / "candidates")
    (folder / CURRENT).symlink_to(model.resolve().name)
    return folder


@pytest.fixture
def swap(bot: InProcessBot, models: Path) -> ModelSwap:
    return ModelSwap(bot, bot.endpoints, models)


def current(models: Path) -> str:
    return (models / CURRENT).resolve().name


async def test_the_turn_under_way_ends_with_the_old_model_and_the_next_one_begins_with_the_new(
    bot: InProcessBot, swap: ModelSwap, models: Path, other_model: Path, action_server: FakeActionServer
) -> None:
    await bot.say("hello", slots={"business_name": "Kimia"})
    before = bot.agent
    action_server.gate.clear()
    under_way = asyncio.create_task(bot.say(f"track my order {CODE}"))
    await action_server.started.wait()
    done = await swap.take(models / "candidates" / other_model.name)
    next_one = asyncio.create_task(bot.say("hello"))
    others = await bot.say("hello", sender_id="sender-2", slots={"business_name": "Kimia"})
    assert not next_one.done(), "one sender's turns stay in order, whichever model runs them"
    action_server.gate.set()

    assert texts(await under_way) == [f"{CODE} in en"]
    assert texts(await next_one) == ["Good day from Kimia"]
    assert texts(others) == ["Good day from Kimia"]
    assert (bot.agent is not before, done.model) == (True, other_model.name)
    assert current(models) == other_model.name


async def test_a_repeated_turn_is_not_run_again_by_the_new_model(
    bot: InProcessBot, swap: ModelSwap, models: Path, other_model: Path
) -> None:
    turn_id = str(uuid.uuid4())
    first = await bot.say("hello", turn_id=turn_id, slots={"business_name": "Kimia"})
    await swap.take(models / "candidates" / other_model.name)
    again = await bot.say("hello", turn_id=turn_id, slots={"business_name": "Kimia"})

    assert (texts(again), again.replayed) == (texts(first), True)


async def test_back_is_the_same_way(
    bot: InProcessBot, swap: ModelSwap, models: Path, model: Path, other_model: Path
) -> None:
    await swap.take(models / "candidates" / other_model.name)
    done = await swap.take(models / model.resolve().name)

    assert (done.model, done.before) == (model.resolve().name, other_model.name)
    assert texts(await bot.say("hello", slots={"business_name": "Kimia"})) == ["Hello from Kimia"]
    assert current(models) == model.resolve().name


@pytest.mark.parametrize("broken", ["no archive", "a network", "a component that is gone", "cut short"])
async def test_what_cannot_be_loaded_changes_nothing(
    bot: InProcessBot, swap: ModelSwap, models: Path, other_model: Path, broken: str, tmp_path: Path
) -> None:
    bad = models / "candidates" / "bad.tar.gz"
    if broken == "no archive":
        bad.write_text("not a model")
    elif broken == "cut short":
        bad.write_bytes(other_model.read_bytes()[:3000])
    else:
        old, new = (
            ("CharNgramIntentClassifier", "Vanished") if broken.startswith("a comp") else ('"fr"', '"DIETClassifier"')
        )
        _rewritten(other_model, bad, old, new, tmp_path)
    before = bot.agent

    with pytest.raises(SwapRefused) as refused:
        await swap.take(bad)

    assert "bad.tar.gz" in str(refused.value)
    assert swap.refused == ("bad.tar.gz", str(refused.value))
    assert bot.agent is before
    assert current(models) != "bad.tar.gz"
    assert texts(await bot.say("hello", slots={"business_name": "Kimia"})) == ["Hello from Kimia"]


async def test_nothing_holds_an_old_model_once_its_turns_ended(
    bot: InProcessBot, swap: ModelSwap, models: Path, model: Path, other_model: Path
) -> None:
    from relais_bot.agent import TurnAgent

    def agents() -> int:
        gc.collect()
        return len([each for each in gc.get_objects() if isinstance(each, TurnAgent)])

    before = agents()
    for _ in range(2):
        await swap.take(models / "candidates" / other_model.name)
        await bot.say("hello", slots={"business_name": "Kimia"})
        await swap.take(models / model.resolve().name)
        await bot.say("hello")

    assert agents() <= before


@pytest.fixture
async def process(tmp_path: Path, models: Path, action_server: FakeActionServer) -> AsyncIterator[BotProcess]:
    for name in ("credentials.yml", "endpoints.yml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    process = BotProcess(REPOSITORY, tmp_path, {"ACTIONS_URL": action_server.url}, SECRET)
    yield process
    await process.stop()


async def test_the_process_takes_a_model_while_it_answers_and_keeps_it_after_a_restart(
    process: BotProcess, models: Path, other_model: Path
) -> None:
    await process.start(*LAUNCHER)
    stop = asyncio.Event()
    talking = [asyncio.create_task(_talk(process, f"sender-{number}", stop)) for number in range(4)]
    answer = await _put(process, {"name": other_model.name, "sha256": digest_of(other_model)})
    await asyncio.sleep(0.3)
    stop.set()
    heard = [reply for replies in await asyncio.gather(*talking) for reply in replies]

    assert answer.status == 200, answer.body
    assert {reply.status for reply in heard} == {200}
    assert [len(reply.body["responses"]) for reply in heard] == [1] * len(heard)
    said = [reply.body["responses"][0]["text"] for reply in heard]
    assert {said[0], said[-1]} == {"Hello from Kimia", "Good day from Kimia"}
    await process.stop()
    await process.start(*LAUNCHER)
    again = await process.client.turn("hello", sender_id="later", slots={"business_name": "Kimia"})
    assert again.body["responses"][0]["text"] == "Good day from Kimia"


async def test_a_name_that_comes_to_mean_another_model_is_followed(
    process: BotProcess, models: Path, other_model: Path
) -> None:
    await process.start(*LAUNCHER)
    new = models / ".new"
    new.symlink_to(f"candidates/{other_model.name}")
    new.replace(models / CURRENT)
    for _ in range(500):
        if (await process.client.ready()).body["model"] == other_model.name:
            break
        await asyncio.sleep(0.02)

    assert (await process.client.ready()).body["model"] == other_model.name


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        ({"name": "gone.tar.gz", "sha256": "0"}, SECRET, 409),
        ({"name": "../../etc/passwd.tar.gz", "sha256": "0"}, SECRET, 422),
        ({"name": "current.tar.gz"}, SECRET, 422),
        ({"name": "gone.tar.gz", "sha256": "0"}, "guessed", 401),
    ],
)
async def test_what_is_asked_wrongly_is_refused(
    process: BotProcess, body: "dict[str, str]", secret: str, status: int
) -> None:
    await process.start(*LAUNCHER)
    answer = await _put(process, body, secret)

    assert answer.status == status
    assert answer.body["error"]


async def _talk(process: BotProcess, sender: str, stop: asyncio.Event) -> "list[Reply]":
    heard = []
    while not stop.is_set():
        heard.append(await process.client.turn("hello", sender_id=sender, slots={"business_name": "Kimia"}))
    return heard


async def _put(process: BotProcess, body: "dict[str, str]", secret: str = SECRET) -> Reply:
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.put(f"{process.client.url}/model", json=body) as answer,
    ):
        return Reply(answer.status, await answer.json(), answer.headers)


def _rewritten(model: Path, target: Path, old: str, new: str, folder: Path) -> None:
    """The model with something else in its description."""
    with tarfile.open(model) as archive:
        archive.extractall(folder / "unpacked")  # noqa: S202 - made by this test
    metadata = folder / "unpacked/metadata.json"
    assert old in metadata.read_text()
    metadata.write_text(metadata.read_text().replace(old, new))
    with tarfile.open(target, "w:gz") as archive:
        for each in sorted((folder / "unpacked").iterdir()):
            archive.add(each, each.name)
