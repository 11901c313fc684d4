"""A small trained project, an agent on it, and the turn channel, each for one test."""

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import postgres_server
import pytest

from relais_bot import light, quiet

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "project"
PLAIN_PROJECT = Path(__file__).parent / "plain_project"
SECRET = "test-secret"

quiet.prepare_environment(os.environ, "/tmp/relais-bot-tests")
os.environ["RELAIS_SECRET"] = SECRET
light.leave_out_unused_parts((PROJECT / "config.yml").read_text())

from action_server_fake import FakeActionServer  # noqa: E402
from bot_in_process import InProcessBot  # noqa: E402
from plain_bot import PlainBot  # noqa: E402
from relais_fake import FakeRelais  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    quiet.configure_logs("INFO")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of this folder, trained once per run."""
    return _trained(PROJECT, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that Relais did not write, trained once per run."""
    return _trained(PLAIN_PROJECT, tmp_path_factory.mktemp("plain-models"))


def _trained(project: Path, models: Path) -> Path:
    from relais_bot.train import Project, train

    return train(
        Project(config=project / "config.yml", domain=project / "domain.yml", data=project / "data", models=models)
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server.postgres_database(REPOSITORY) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    url: str = request.getfixturevalue("postgres")
    postgres_server.empty(url)
    return url


@pytest.fixture
async def action_server() -> AsyncIterator[FakeActionServer]:
    server = FakeActionServer(SECRET)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(model: Path, action_server: FakeActionServer, tmp_path: Path) -> AsyncIterator[InProcessBot]:
    """An agent and its turns, without HTTP, on an SQLite file of its own."""
    bot = InProcessBot(model, action_server.url, SECRET, f"sqlite:///{tmp_path / 'bot.db'}")
    yield bot
    await bot.close()


@pytest.fixture
async def relais() -> AsyncIterator[FakeRelais]:
    server = FakeRelais(SECRET)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(params=["memory", "sql"])
async def plain_bot(
    request: pytest.FixtureRequest, plain_model: Path, relais: FakeRelais, tmp_path: Path
) -> AsyncIterator[PlainBot]:
    """Somebody else's assistant on each of Rasa's own tracker stores that needs no server."""
    from rasa.core import jobs
    from rasa.core.tracker_store import SQLTrackerStore

    store = SQLTrackerStore(db=str(tmp_path / "rasa.db")) if request.param == "sql" else None
    yield PlainBot(plain_model, store, relais.url, SECRET)
    jobs.kill_scheduler()


@pytest.fixture
def turn_body() -> Callable[..., dict[str, Any]]:
    """The body of a turn, with what a test cares about put over it."""

    def body(text: "str | None" = "bonjour", **over: Any) -> dict[str, Any]:
        given = {"turn_id": str(uuid.uuid4()), "sender_id": "sender-1", "text": text, **over}
        return {key: value for key, value in given.items() if value is not None}

    return body


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> "str | None":
    """Bodies of requests say nothing in the name of a test, and some are a megabyte long."""
    return argname if isinstance(val, bytes) else None
