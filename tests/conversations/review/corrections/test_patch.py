"""A patch is taken by git, and makes exactly the changed files."""

import subprocess
from pathlib import Path

from conversations.review.corrections.patch import patch


def test_git_takes_it(tmp_path: Path) -> None:
    before = {"a/changed.yml": "un\ndeux\n", "a/without_end.yml": "x", "a/gone.yml": "y\u2028z\n"}
    changed = {
        "a/changed.yml": "un\ndeux\ntrois é\u2028è\n",
        "a/without_end.yml": "x\ny\n",
        "a/gone.yml": "",
        "b/new.yml": "neuf",
    }
    for path, text in before.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8", newline="")

    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch(before, changed).encode(), check=True)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    after = {path.relative_to(tmp_path).as_posix(): path.read_bytes().decode() for path in files}
    assert after == {path: text for path, text in changed.items() if text}


def test_nothing_changed_is_an_empty_patch() -> None:
    assert patch({"a": "b"}, {}) == ""
