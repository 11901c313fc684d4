"""A branch of git that gets files without anybody's checkout noticing: objects, an index of its own, a reference.

NoBranch        nothing can be committed here; `why` is a key of the words: no_git, no_repository, read_only, failed
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conversations.review.corrections.export import PATTERNS

SECONDS: Final = 30
"""For one command of git: a large repository on a slow disk. Our choice."""

NOTHING: Final = "0" * 40
"""Git's name for: there is no such reference yet."""


class NoBranch(Exception):
    """Nothing can be committed here."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(detail or why)
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who commits."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What was committed."""

    branch: str
    commit: str


class Repository:
    """The repository that a project lies in."""

    def __init__(self, root: Path) -> None:
        """Raises NoBranch."""
        if shutil.which("git") is None:
            raise NoBranch("no_git")
        if not root.is_dir():
            raise NoBranch("no_repository")
        self._root = root
        try:
            folder, self._prefix = self._git("rev-parse", "--absolute-git-dir", "--show-prefix").split("\n")[:2]
            self._head = self._git("rev-parse", "--verify", "HEAD^{commit}").strip()
        except NoBranch as error:
            raise NoBranch("no_repository", error.detail) from None
        common = Path(self._git("rev-parse", "--git-common-dir").strip())
        shared = common if common.is_absolute() else root / common
        if not os.access(shared / "objects", os.W_OK) or not os.access(shared / "refs", os.W_OK):
            raise NoBranch("read_only")
        self._folder = folder

    def tip(self, branch: str) -> str | None:
        """The commit of a branch that goes on from what is checked out; None where there is none such."""
        found = self._run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")
        commit = found.stdout.decode().strip()
        if found.returncode or not commit:
            return None
        goes_on = self._run("merge-base", "--is-ancestor", self._head, commit)
        return commit if goes_on.returncode == 0 else None

    def files(self, commit: str | None = None) -> dict[str, str]:
        """What an export reads of the project, as it is in this commit (None: in what is checked out)."""
        folders = sorted({pattern.split("/")[0] for pattern in PATTERNS})
        listed = self._git("ls-tree", "-r", "-z", commit or self._head, "--", *folders)
        found: dict[str, str] = {}
        for entry in filter(None, listed.split("\0")):
            about, path = entry.split("\t", 1)
            mode, kind, name = about.split(" ")[:3]
            if kind == "blob" and mode != "120000" and _is_read(path):
                found[path] = self._git("cat-file", "blob", name)
        return found

    def free_name(self, branch: str) -> str:
        """This name, or the next one with a number under which there is no branch, or one that goes on from here."""
        name, count = branch, 1
        while self._run("show-ref", "--quiet", f"refs/heads/{name}").returncode == 0 and self.tip(name) is None:
            count += 1
            name = f"{branch}-{count}"
        return name

    def commit(
        self,
        branch: str,
        changes: Callable[[Mapping[str, str]], Mapping[str, str]],
        author: Author,
        message: str,
    ) -> Committed | None:
        """Commit what these changes make of the branch's files; None where that is nothing.

        The branch is made from what is checked out, or goes on; neither checkout nor index is touched. Raises NoBranch.
        """
        name = self.free_name(branch)
        before = self.tip(name)
        base = before or self._head
        changed = changes(self.files(base))
        if not changed:
            return None
        tree = self._tree(base, changed)
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
               (("NAME", author.name), ("EMAIL", author.email))}  # fmt: skip
        made = self._git("commit-tree", tree, "-p", base, "-F", "-", stdin=message, **who).strip()
        self._git("update-ref", "-m", "reviewed lines", f"refs/heads/{name}", made, before or NOTHING)
        return Committed(branch=name, commit=made)

    def _tree(self, base: str, changed: Mapping[str, str]) -> str:
        with tempfile.TemporaryDirectory(prefix="relais-index-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", base, **index)
            lines = []
            for path, text in sorted(changed.items()):
                where = self._prefix + path
                if text:
                    blob = self._git("hash-object", "-w", "--stdin", stdin=text).strip()
                    lines.append(f"100644 {blob}\t{where}\0")
                else:
                    lines.append(f"0 {NOTHING}\t{where}\0")
            self._git("update-index", "-z", "--index-info", stdin="".join(lines), **index)
            return self._git("write-tree", **index).strip()

    def _git(self, *arguments: str, stdin: str = "", **environment: str) -> str:
        done = self._run(*arguments, stdin=stdin, **environment)
        if done.returncode:
            raise NoBranch("failed", done.stderr.decode(errors="replace").strip()[-300:])
        return done.stdout.decode("utf-8", errors="replace")

    def _run(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
        # What is set for somebody else's command must not lead to another repository.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        clean |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **environment}
        try:
            return subprocess.run(
                ["git", "-C", str(self._root), *arguments],
                input=stdin.encode(),
                capture_output=True,
                timeout=SECONDS,
                env=clean,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoBranch("failed", type(error).__name__) from None


def _is_read(path: str) -> bool:
    if path.startswith("data/nlu/"):
        return path.endswith((".yml", ".yaml"))
    if path.startswith("tests/nlu/"):
        return path.endswith(".jsonl")
    return path == "domain.yml" or (path.startswith("domain/") and path.endswith(".yml") and path.count("/") == 1)
