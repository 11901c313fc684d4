"""One piece of work at a time: a niced process of the bot's environment, its steps for whoever looks, and its end.

What is under way is a file beside a lock, so that every process of this machine sees the same, and sees it too when
the one that worked was killed. The child ends with its parent.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from server.models.errors import Busy, NoEnvironment, WorkFailed
from server.models.files import now, write_whole
from server.models.lock import alone, is_held
from server.settings import ROOT

MOST_SECONDS: Final = 1800.0
"""A network of Rasa's trains for minutes; ours for one."""
TAIL_LINES: Final = 40
LOOK_SECONDS: Final = 0.25
"""Between two looks whether somebody wants it to end."""

_STEP: Final = re.compile(r"(\d+)/(\d+) (.+)")


class Kind(StrEnum):
    """What is done."""

    TRAIN = "train"
    COMPARE = "compare"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: whoever worked was ended in the middle of it
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is under way, or was last."""

    kind: Kind
    model: str
    """The candidate; empty while it has no name yet."""
    member_id: str | None
    started_at: datetime
    step: int = 0
    steps: int = 0
    says: str = ""
    """The step in the words of whoever works."""
    outcome: Outcome | None = None
    """None: it is under way."""
    ended_at: datetime | None = None
    tail: str = ""
    """The end of what was printed, where it failed."""


class Cancelled(WorkFailed):
    """Somebody wanted it to end."""


class Bench:
    """Where work is done, in the folder of models; made anew by each process."""

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder = folder / ".work"
        self._lock = self._folder / "lock"
        self._state = self._folder / "work.json"
        self._cancel = self._folder / "cancel"
        self.python = python

    @property
    def can_work(self) -> bool:
        """Whether the bot's environment is on this machine."""
        return self.python.exists()

    def look(self) -> Work | None:
        """What is under way, or was last; None before the first."""
        found = self._read()
        if found is not None and found.outcome is None and not is_held(self._lock):
            return replace(found, outcome=Outcome.INTERRUPTED)
        return found

    def cancel(self) -> bool:
        """Have what is under way end; whether something was."""
        if not is_held(self._lock):
            return False
        self._cancel.touch()
        return True

    @contextlib.asynccontextmanager
    async def working(self, kind: Kind, model: str, member_id: str | None) -> AsyncIterator["Task"]:
        """Hold the bench. Raises Busy, NoEnvironment; how the block ends is kept for whoever looks."""
        if not self.can_work:
            raise NoEnvironment(f"{self.python} is not there: run `make install`, or set BOT_PYTHON.")
        with alone(self._lock, "Something is being trained or compared; wait until that has ended, or cancel it."):
            self._cancel.unlink(missing_ok=True)
            self._sweep()
            task = Task(self, Work(kind=kind, model=model, member_id=member_id, started_at=now()))
            self.keep(task.work)
            with _stage(self._folder) as stage:
                task.stage = stage
                try:
                    yield task
                except BaseException as error:
                    task.ended(_outcome_of(error), str(error) if isinstance(error, WorkFailed) else "")
                    raise
                task.ended(Outcome.DONE)

    def wants_end(self) -> bool:
        """Whether somebody cancelled."""
        return self._cancel.exists()

    def keep(self, work: Work) -> None:
        """Let everybody see it."""
        told = {**asdict(work), "started_at": work.started_at.isoformat()}
        told["ended_at"] = work.ended_at.isoformat() if work.ended_at else None
        write_whole(self._state, json.dumps(told, ensure_ascii=False))

    def _sweep(self) -> None:
        """What those left who were killed."""
        for each in self._folder.glob("stage-*"):
            shutil.rmtree(each, ignore_errors=True)

    def _read(self) -> Work | None:
        try:
            told = json.loads(self._state.read_text(encoding="utf-8"))
            moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("started_at", "ended_at")}
            outcome = Outcome(told["outcome"]) if told["outcome"] else None
            return Work(**{**told, **moments, "kind": Kind(told["kind"]), "outcome": outcome})
        except (OSError, ValueError, TypeError, KeyError):
            return None


class Task:
    """Work under way."""

    def __init__(self, bench: Bench, work: Work) -> None:
        self._bench = bench
        self.work = work
        self.stage: Path = Path()
        """A folder for this work alone, on the same disk as the models; it goes with the work."""

    def tell(self, step: int, steps: int, says: str, model: str | None = None) -> None:
        """How far it is."""
        self.work = replace(self.work, step=step, steps=steps, says=says, model=model or self.work.model)
        self._bench.keep(self.work)

    def ended(self, outcome: Outcome, tail: str = "") -> None:
        """How it ended."""
        self.work = replace(self.work, outcome=outcome, ended_at=now(), tail=tail)
        self._bench.keep(self.work)

    async def run(self, module: str, *arguments: str, told: Callable[[str], None] | None = None) -> str:
        """Run a module of the bot; all that it printed. Raises WorkFailed, Cancelled."""
        python, parent = str(self._bench.python), ("--parent", str(os.getpid()))
        process = await asyncio.create_subprocess_exec(
            *("nice", "-n", "10", python, "-W", "ignore", "-m", module, *arguments, *parent),
            env=_environment(),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        reading = asyncio.ensure_future(self._read(process.stdout, told))
        try:
            await self._wait(process)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            lines = await reading
        if process.returncode:
            raise WorkFailed("\n".join(lines) or f"It ended with code {process.returncode} and said nothing.")
        return "\n".join(lines)

    async def _read(self, stream: asyncio.StreamReader | None, told: Callable[[str], None] | None) -> Sequence[str]:
        lines: deque[str] = deque(maxlen=TAIL_LINES)
        while stream is not None and (line := await stream.readline()):
            text = line.decode(errors="replace").rstrip()
            step = _STEP.fullmatch(text)
            if step:
                self.tell(int(step[1]), int(step[2]), step[3])
            else:
                lines.append(text)
            if told is not None:
                told(text)
        return [line for line in lines if line]

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        ends = time.monotonic() + MOST_SECONDS
        ending = asyncio.ensure_future(process.wait())
        try:
            while not ending.done():
                if self._bench.wants_end():
                    raise Cancelled("It was cancelled.")
                if time.monotonic() > ends:
                    raise WorkFailed(f"It did not end within {MOST_SECONDS / 60:.0f} minutes.")
                await asyncio.wait([ending], timeout=LOOK_SECONDS)
        finally:
            ending.cancel()


@contextlib.contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    stage = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _outcome_of(error: BaseException) -> Outcome:
    if isinstance(error, Cancelled):
        return Outcome.CANCELLED
    return Outcome.INTERRUPTED if isinstance(error, asyncio.CancelledError) else Outcome.FAILED


def _environment() -> dict[str, str]:
    # Nothing of our settings is needed there, and some of them are secrets.
    own = {"PYTHONPATH": str(ROOT / "bot"), "PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "")}
    return own | {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


__all__ = ["Bench", "Busy", "Cancelled", "Kind", "Outcome", "Task", "Work"]
