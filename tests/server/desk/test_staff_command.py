"""`./relais staff`: for whoever has the machine, also when nobody can log in."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.engine import URL

from server.__main__ import relais
from server.commands import database, staff
from tests.house import settings_for
from tests.server.desk.desk_house import open_desk
from tests.server.desk.test_entering import AWA

pytestmark = pytest.mark.slow

type Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `relais staff …` on a fresh database."""
    settings = settings_for(sqlite_address, tmp_path)
    for module in (staff, database):
        monkeypatch.setattr(module, "configured", lambda: settings)
    return lambda *words: CliRunner().invoke(relais, ["staff", *words])


def path_in(result: Result) -> str:
    """The address that was printed, after /desk."""
    assert result.exit_code == 0, result.output
    return result.output.split()[0].removeprefix("http://127.0.0.1:8081/desk")


def test_the_first_admin_somebody_invited_and_a_new_password(run: Run, sqlite_address: URL, tmp_path: Path) -> None:
    assert "Nobody yet" in run("list").output
    follow(path_in(run("first")), AWA, sqlite_address, tmp_path)
    assert "There is an admin" in run("first").output

    invited = path_in(run("invite", "jean@example.com", "--role", "agent", "--business", "kimia"))
    follow(invited, {"name": "Jean", "password": "une longue phrase"}, sqlite_address, tmp_path)
    listed = run("list").output
    assert "awa@example.com  password  Awa Diallo\n    admin at the whole house" in listed
    assert "agent at kimia" in listed

    follow(path_in(run("reset", "jean@example.com")), {"password": "un parapluie bleu"}, sqlite_address, tmp_path)
    assert run("disable", "jean@example.com").exit_code == 0
    assert "jean@example.com  no longer here" in run("list").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("reset", "eve@example.com"), "Nobody logs in with eve@example.com"),
        (("invite", "jean", "--role", "agent"), "must be an address"),
        (("invite", "j@example.com", "--role", "agent", "--business", "nope"), "No business is called nope"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run(*words)
    assert result.exit_code != 0
    assert told in result.output


def follow(path: str, form: dict[str, str], address: URL, folder: Path) -> None:
    """Open the link in a browser, and send its form."""

    async def opened() -> None:
        desk = open_desk(address, folder)
        answer = await desk.stranger().post(path, form)
        await desk.close()
        assert answer.status_code == 303

    asyncio.run(opened())
