"""A file of another version is planted anew and says so; a file of somebody else is left alone."""

import logging
import socket
import sqlite3
from pathlib import Path

import pytest

from demo.backend import Settings, create_app
from demo.backend.store import NotOurs
from tests.demo.command import run

OLD_SCHEMA = "CREATE TABLE missions (code TEXT PRIMARY KEY); INSERT INTO missions VALUES ('COUR-1');"


def _made(file: Path, script: str) -> None:
    file.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(file)
    connection.executescript(script)
    connection.close()


def test_an_older_file_is_planted_anew(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    _made(settings.database, OLD_SCHEMA)

    app = create_app(settings)

    with app.state.store.reading() as database:
        codes = {row["code"] for row in database.execute("SELECT code FROM missions")}
    app.state.store.close()
    assert "COUR-20250127-061" in codes
    assert "COUR-1" not in codes
    (told,) = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert (
        told
        == f"{settings.database} is from another version of the demo: its data is replaced by that of the first day."
    )


def test_a_file_of_this_version_is_left_as_it_is(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    create_app(settings).state.store.close()
    _made(settings.database, "UPDATE missions SET note = 'hier'")

    app = create_app(settings)

    with app.state.store.reading() as database:
        notes = {row["note"] for row in database.execute("SELECT note FROM missions")}
    app.state.store.close()
    assert (notes, caplog.records) == ({"hier"}, [])


@pytest.mark.parametrize("content", ["CREATE TABLE invoices (number TEXT)", None])
def test_a_file_of_somebody_else_is_not_touched(settings: Settings, content: str | None) -> None:
    if content:
        _made(settings.database, content)
    else:
        settings.database.write_bytes(b"a letter to my aunt, much longer than a header of a database file" * 20)
    before = settings.database.read_bytes()

    with pytest.raises(NotOurs, match=r"backend\.db cannot be used: .*\. Move it away, or set VAR_DIR"):
        create_app(settings)
    assert content or settings.database.read_bytes() == before


@pytest.mark.slow
def test_the_command_says_so_in_one_sentence(tmp_path: Path) -> None:
    _made(tmp_path / "var" / "backend.db", "CREATE TABLE invoices (number TEXT)")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    ended = run(tmp_path, BACKEND_TOKEN="demo", BACKEND_PORT=str(port))

    assert ended.returncode == 1
    assert "it is not the demo backend's. Move it away" in ended.stderr
    assert "Traceback" not in ended.stderr
