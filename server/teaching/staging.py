"""Whether a project would still be sound with some files changed: `relais lint` on a copy of it.

Uncheckable     the check itself did not come to an end; the message says why
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.settings import ROOT

LINT_SECONDS: Final = 120.0
"""A lint takes seconds: longer means that the machine is in trouble. Our choice."""

COPIED: Final = "data"
"""What changes: copied. Everything else of the project is linked to."""


class Uncheckable(Exception):
    """The check did not come to an end."""


@contextmanager
def staged(root: Path, changed: Mapping[str, str]) -> Iterator[Path]:
    """A folder that reads as the project would with these files ("": the file goes); it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="relais-staged-") as made:
        folder = Path(made)
        for each in root.iterdir():
            if each.name == COPIED:
                shutil.copytree(each, folder / COPIED)
            elif not each.name.startswith("."):
                (folder / each.name).symlink_to(each.resolve())
        for path, text in changed.items():
            target = folder / path
            if text:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            else:
                target.unlink(missing_ok=True)
        yield folder


async def lint(root: Path, changed: Mapping[str, str]) -> list[str]:
    """What `relais lint` says of the project with these files: a line for each problem. Raises Uncheckable."""
    try:
        # A process of its own, behind everybody else's work: it computes for seconds.
        with staged(root, changed) as folder:
            return await _run(folder)
    except OSError as error:
        raise Uncheckable(f"The project cannot be copied: {error.strerror}.") from None


async def _run(folder: Path) -> list[str]:
    nice = ["nice", "-n", "10"] if shutil.which("nice") else []
    command = [*nice, sys.executable, "-m", "server", "lint", "--root", str(folder)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe)
    try:
        said, complained = await asyncio.wait_for(process.communicate(), LINT_SECONDS)
    except TimeoutError:
        raise Uncheckable(f"relais lint came to no end in {LINT_SECONDS:.0f} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    problems = said.decode(errors="replace").splitlines()
    if process.returncode and not problems:
        last = complained.decode(errors="replace").strip().splitlines()[-1:]
        raise Uncheckable(f"relais lint ended with {process.returncode}: {''.join(last)[:300]}")
    return problems
