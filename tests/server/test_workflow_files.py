"""Workflows while the server runs: a file that changes counts soon, and one that somebody breaks costs nothing."""

import shutil
from pathlib import Path

import pytest

from server.workflow_files import LOOKS_AGAIN_AFTER, WorkflowFiles

OURS = Path("workflows/order-ready.yml")


class Steady:
    """A clock that goes on when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(OURS, tmp_path)
    return tmp_path


def test_a_change_counts_when_it_is_looked_at_again(folder: Path) -> None:
    steady = Steady()
    files = WorkflowFiles(folder, steady)
    first = files("kimia")["order-ready"]
    (folder / OURS.name).write_text(OURS.read_text().replace("title:", "title: Another", 1))

    assert files("kimia")["order-ready"] is first
    steady.now += LOOKS_AGAIN_AFTER
    assert files("kimia")["order-ready"].version != first.version


def test_a_file_that_comes_or_goes_counts_too(folder: Path) -> None:
    steady = Steady()
    files = WorkflowFiles(folder, steady)
    own = folder / "kimia" / OURS.name
    own.parent.mkdir()
    files("kimia")

    own.write_text(OURS.read_text().replace("title:", "title: Our own", 1))
    steady.now += LOOKS_AGAIN_AFTER
    assert files("kimia")["order-ready"].title.startswith("Our own")
    own.unlink()
    (folder / OURS.name).unlink()
    steady.now += LOOKS_AGAIN_AFTER
    assert files("kimia") == {}


def test_a_file_that_is_broken_counts_as_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steady = Steady()
    files = WorkflowFiles(folder, steady)
    first = files("kimia")["order-ready"]
    (folder / OURS.name).write_text("key: [")

    steady.now += LOOKS_AGAIN_AFTER
    assert files("kimia")["order-ready"] is first
    assert "workflow.unreadable" in capsys.readouterr().out
