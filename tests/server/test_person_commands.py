"""`relais person`: an operator tells what is known, or has somebody forgotten, with the same service as the chat."""

import asyncio
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr
from sqlalchemy.engine import URL

from demo.backend import Settings as DemoSettings
from demo.backend import create_app
from server.__main__ import relais
from server.commands import database, person
from server.parts import Parts, Transports, build
from server.settings import Settings
from tests.asgi_transport import AsgiTransport
from tests.house import GRACE, SmallBot, SmallWhatsApp, open_house, settings_for

NEWCOMER = "242061119200"
KIMIA = ["--business", "kimia"]


@pytest.fixture
def run(sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Runs `relais …` beside a business's system, where Grâce and a newcomer have written."""
    app = create_app(DemoSettings(backend_token=SecretStr("demo-token"), var_dir=tmp_path))
    settings = settings_for(sqlite_address, tmp_path, backend_token="demo-token")

    def beside_the_demo(settings: Settings) -> Parts:
        backend = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8090")
        bot, whatsapp = AsgiTransport(SmallBot().app()), AsgiTransport(SmallWhatsApp().app())
        transports = Transports(
            bot=bot, whatsapp=whatsapp, beside=whatsapp, senders=whatsapp, hooks=whatsapp, backend=backend
        )
        return build(settings, transports)

    asyncio.run(_written(settings))
    monkeypatch.setattr(person, "build", beside_the_demo)
    for module in (person, database):
        monkeypatch.setattr(module, "configured", lambda: settings)
    yield _invoke
    app.state.store.close()


def _invoke(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(relais, words, input=given)


async def _written(settings: Settings) -> None:
    house = open_house(settings)
    house.start()
    try:
        await house.says("où est mon colis", GRACE)
        await house.says("bonjour", NEWCOMER)
        await house.quiet()
    finally:
        await house.stop()


def test_all_that_is_known_is_printed_or_written_for_oneself_alone(run: Callable[..., Result], tmp_path: Path) -> None:
    printed = json.loads(run("person", "export", f"+{GRACE}", *KIMIA).output)
    assert printed["assistant"]["received"][0]["text"] == "où est mon colis"
    assert printed["business_system"]["missions"]

    file = tmp_path / "grace.json"
    assert run("person", "export", f"+{GRACE}", *KIMIA, "--to", str(file)).output == "It is in grace.json.\n"
    assert json.loads(file.read_text())["assistant"] == printed["assistant"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_who_is_to_be_forgotten_waits_for_the_worker(run: Callable[..., Result]) -> None:
    asked = run("person", "erase", f"+{NEWCOMER}", *KIMIA, given="y\n")
    assert asked.exit_code == 0
    assert "as soon as nothing of theirs is on its way" in asked.output

    listed = run("person", "erasures").output
    assert "kimia  operator  waiting, 0 failures" in listed
    assert NEWCOMER not in listed


def test_a_no_changes_nothing(run: Callable[..., Result]) -> None:
    assert run("person", "erase", f"+{NEWCOMER}", *KIMIA, given="n\n").exit_code == 1
    assert run("person", "erasures").output == "Nobody has wished to be forgotten.\n"


def test_what_is_in_the_way_is_said_in_a_sentence(run: Callable[..., Result]) -> None:
    under_way = run("person", "erase", f"+{GRACE}", *KIMIA, "--yes")
    assert (under_way.exit_code, "says no: delivery_under_way" in under_way.output) == (1, True)
    unknown = run("person", "export", "+242069999999", *KIMIA)
    assert (unknown.exit_code, "Nobody is known under this number" in unknown.output) == (1, True)
    elsewhere = run("person", "export", f"+{GRACE}", "--business", "jasmin")
    assert (elsewhere.exit_code, "Nobody is known" in elsewhere.output) == (1, True)
    wrong = run("person", "erase", "06 12", *KIMIA, "--yes")
    assert (wrong.exit_code, "with its country code" in wrong.output) == (1, True)
