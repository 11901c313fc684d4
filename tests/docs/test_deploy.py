"""What deploy/ starts and exposes is there, under the names that the code knows."""

import os
import re
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from starlette.routing import Mount

from server.__main__ import COMMANDS
from server.incoming import MAX_BODY_BYTES
from server.parts import Parts
from server.public import public_app
from server.settings import ROOT, Settings
from tests.docs.test_pages import SETTINGS

DEPLOY = ROOT / "deploy"
CHECKOUT = "/srv/relais/app"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SERVICES = [unit for unit in UNITS if "Restart=always" in unit.read_text(encoding="utf-8")]
PUBLIC = f"127.0.0.1:{Settings.model_fields['public_port'].default}"

every_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)


def _values(unit: Path, name: str) -> Iterator[str]:
    yield from re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@every_unit
def test_a_unit_starts_what_is_there(unit: Path) -> None:
    commands = [*_values(unit, "ExecStartPre"), *_values(unit, "ExecStart")]
    assert commands
    for command in commands:
        program, *words = command.split()
        assert program.startswith(f"{CHECKOUT}/")
        match Path(program).name:
            case "relais":
                assert words[0] in COMMANDS
            case "python":
                assert words[0] == "-m"
                assert _file_of(words[1], unit).is_file()
            case _:
                assert os.access(ROOT / Path(program).relative_to(CHECKOUT), os.X_OK)


def _file_of(module: str, unit: Path) -> Path:
    paths = [path for setting in _values(unit, "Environment") for path in setting.split("=")[1].split(":")]
    root = ROOT / Path(paths[0]).relative_to(CHECKOUT) if paths else ROOT
    file = root / module.replace(".", "/")
    return file / "__main__.py" if file.is_dir() else file.with_suffix(".py")


@every_unit
def test_a_unit_sets_only_what_is_a_setting(unit: Path) -> None:
    names = {setting.split("=")[0] for setting in _values(unit, "Environment")}
    assert names <= SETTINGS | {"PYTHONPATH"}
    assert list(_values(unit, "EnvironmentFile")) == [f"{CHECKOUT}/.env"]


def test_all_services_have_the_same_restrictions() -> None:
    told = {
        unit.read_text(encoding="utf-8").partition("# What it may do")[2].partition("[Install]")[0] for unit in SERVICES
    }
    assert len(SERVICES) == 3
    assert len(told) == 1
    assert "NoNewPrivileges=yes" in told.pop()


def test_the_target_wants_every_service() -> None:
    target = (DEPLOY / "systemd/relais.target").read_text(encoding="utf-8")
    assert {unit.name for unit in SERVICES} == set(re.findall(r"relais-\w+\.service", target))


@pytest.mark.parametrize(
    ("file", "place", "size"),
    [
        ("Caddyfile", r"^\thandle ?(\S*?)\*? \{", r"max_size (\d+)MiB"),
        ("nginx.conf", r"^    location (?:= )?(\S+) \{", r"client_max_body_size (\d+)m"),
    ],
)
def test_a_proxy_passes_all_of_the_public_port_but_its_health(file: str, place: str, size: str) -> None:
    text = (DEPLOY / "proxy" / file).read_text(encoding="utf-8")
    passed = {found for found in re.findall(place, text, re.MULTILINE) if found not in ("", "/")}
    assert {found for path in _public_paths() for found in passed if _passes(found, path)} == passed
    for path in _public_paths():
        assert any(_passes(found, path) for found in passed) is not path.startswith("/health"), path
    assert set(re.findall(r"127\.0\.0\.1:\d+", text)) == {PUBLIC}
    assert [int(found) * 1024 * 1024 for found in re.findall(size, text)] == [MAX_BODY_BYTES]


def _public_paths() -> list[str]:
    # The routes are only read: no part of a server is asked for anything.
    app = public_app(cast(Parts, None))
    return [*app.openapi()["paths"], *(f"{each.path}/v1" for each in app.routes if isinstance(each, Mount))]


def _passes(place: str, path: str) -> bool:
    return path == place or (place.endswith("/") and path.startswith(place))


def _back_up(folder: Path, files: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(files)}
    return subprocess.run([DEPLOY / "backup", folder], env=environment, capture_output=True, text=True, check=False)


def test_a_backup_holds_both_databases_and_the_files(tmp_path: Path) -> None:
    files, folder = tmp_path / "var", tmp_path / "backups"
    (files / "media").mkdir(parents=True)
    (files / "media/photo").write_bytes(b"a photo")
    old = folder / "2020-01-01T031500Z"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    for name in ("relais", "bot"):
        with sqlite3.connect(files / f"{name}.db") as connection:
            connection.execute("CREATE TABLE said (words TEXT)")
            connection.execute("INSERT INTO said VALUES (?)", [name])
        connection.close()

    done = _back_up(folder, files)

    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    for name in ("relais", "bot"):
        connection = sqlite3.connect(made / f"{name}.db")
        assert connection.execute("SELECT words FROM said").fetchall() == [(name,)]
        connection.close()
    with tarfile.open(made / "media.tar.gz") as archive:
        assert "media/photo" in archive.getnames()
    assert made.stat().st_mode & 0o077 == 0


def test_a_backup_without_its_folder_says_so(tmp_path: Path) -> None:
    done = _back_up(tmp_path / "nowhere", tmp_path)
    assert done.returncode == 1
    assert "There is no folder" in done.stderr


def test_a_backup_that_fails_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "relais.db").write_bytes(b"no database, whatever its name says")
    assert _back_up(tmp_path / "backups", tmp_path).returncode != 0
    assert [each.suffix for each in (tmp_path / "backups").iterdir()] == [".partial"]
