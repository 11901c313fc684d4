"""Relais without a bot of its own, and two assistants of somebody else's, which it talks to one after the other."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.road.own_rasa.rasa_project import LINE, SCAFFOLD, RasaProject, installed_package
from tests.stack import Stack, running_stack

HERE = Path(__file__).parent


@pytest.fixture(scope="package")
def relais(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Relais without a bot of its own, and a WhatsApp."""
    with running_stack(tmp_path_factory.mktemp("relais"), "emulator", "server") as stack:
        yield stack


@pytest.fixture(scope="package")
def projects(relais: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, RasaProject]:
    """Both projects, in training side by side."""
    folder = tmp_path_factory.mktemp("projects")
    site = installed_package(folder)
    shutil.copytree(SCAFFOLD, folder / "moodbot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(HERE / "restaurant", folder / "restaurant", ignore=shutil.ignore_patterns("__pycache__"))
    made = {name: RasaProject(folder / name, relais, site) for name in ("moodbot", "restaurant")}
    with (folder / "moodbot/credentials.yml").open("a") as credentials:
        credentials.write(LINE)
    made["moodbot"].begin_training("--config", str(HERE / "quick_config.yml"))
    made["restaurant"].begin_training()
    return made
