"""Reviewed lines get onto a branch of git, and whoever works in the checkout notices nothing."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from server.teaching.branch import Author, NoBranch, Repository

AWA = Author(name="Awa Diallo", email="awa@example.com")
ADDED = {"data/nlu/reviewed/track.yml": "nlu:\n- é\n"}


def git(root: Path, *arguments: str) -> str:
    found = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True, text=True)
    return found.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which somebody is at work: one file is changed, one is staged."""
    root = tmp_path / "checkout"
    (root / "data/nlu").mkdir(parents=True)
    (root / "data/nlu/a.yml").write_text("nlu: []\n")
    (root / "data/nlu/b.yml").write_text("nlu: []\n")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    for key, value in (("user.name", "x"), ("user.email", "x@example.com")):
        git(root, "config", key, value)
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    (root / "data/nlu/a.yml").write_text("nlu: []  # at work\n")
    (root / "data/nlu/b.yml").write_text("nlu: []  # staged\n")
    git(root, "add", "data/nlu/b.yml")
    return root


def state(root: Path) -> list[str]:
    return [git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD"), git(root, "branch", "--show-current")]


def test_a_branch_is_made_and_goes_on_and_the_checkout_stays_as_it_is(checkout: Path) -> None:
    before = state(checkout)
    seen: list[Mapping[str, str]] = []

    def changes(files: Mapping[str, str]) -> Mapping[str, str]:
        seen.append(files)
        return {path: text for path, text in ADDED.items() if files.get(path) != text}

    made = Repository(checkout).commit("relais/reviewed-2026-03-01", changes, AWA, "Take lines over\n\nTwo.")
    assert made is not None
    assert made.branch == "relais/reviewed-2026-03-01"
    assert seen == [{"data/nlu/a.yml": "nlu: []\n", "data/nlu/b.yml": "nlu: []\n"}]
    shown = git(checkout, "show", "--format=%an %ae %s%n%P", "--name-status", made.branch)
    head = git(checkout, "rev-parse", "HEAD").strip()
    assert shown == f"Awa Diallo awa@example.com Take lines over\n{head}\n\nA\tdata/nlu/reviewed/track.yml\n"
    assert state(checkout) == before

    assert Repository(checkout).commit(made.branch, changes, AWA, "again") is None
    gone = Repository(checkout).commit(made.branch, lambda _: dict.fromkeys(ADDED, ""), AWA, "Out again")
    assert gone is not None
    assert git(checkout, "show", "--format=%P", "--name-status", made.branch) == (
        f"{made.commit}\n\nD\tdata/nlu/reviewed/track.yml\n"
    )
    assert state(checkout) == before


def test_a_branch_of_that_name_that_went_elsewhere_is_left(checkout: Path) -> None:
    git(checkout, "branch", "relais/reviewed")
    elsewhere = git(checkout, "rev-parse", "relais/reviewed")
    git(checkout, "commit", "-qm", "second")
    made = Repository(checkout).commit("relais/reviewed", lambda _: ADDED, AWA, "x")
    assert made is not None
    assert made.branch == "relais/reviewed-2"
    assert git(checkout, "rev-parse", "relais/reviewed") == elsewhere


def test_a_project_in_a_folder_of_its_repository_is_found(checkout: Path) -> None:
    (checkout / "bot/data/nlu").mkdir(parents=True)
    (checkout / "bot/data/nlu/c.yml").write_text("nlu: []\n")
    git(checkout, "add", "bot")
    git(checkout, "commit", "-qm", "bot", "bot")
    made = Repository(checkout / "bot").commit("x", lambda files: {**ADDED} if len(files) == 1 else {}, AWA, "x")
    assert made is not None
    assert "bot/data/nlu/reviewed/track.yml" in git(checkout, "ls-tree", "-r", "--name-only", made.branch)


def test_a_linked_checkout_has_the_same_branches(checkout: Path) -> None:
    beside = checkout.parent / "beside"
    git(checkout, "worktree", "add", "-q", "-b", "beside", str(beside))
    assert Repository(beside).commit("x", lambda _: ADDED, AWA, "x") is not None
    assert git(checkout, "rev-parse", "x")


def test_where_nothing_can_be_committed_it_says_why(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for root in (plain, tmp_path / "nowhere"):
        with pytest.raises(NoBranch) as refused:
            Repository(root)
        assert refused.value.why == "no_repository"
    monkeypatch.setattr("os.access", lambda path, mode, **_: "objects" not in str(path))
    with pytest.raises(NoBranch) as refused:
        Repository(checkout)
    assert refused.value.why == "read_only"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoBranch) as refused:
        Repository(checkout)
    assert refused.value.why == "no_git"
