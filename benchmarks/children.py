"""Processes that do a benchmark's work: they are told their work as JSON, say "ready", wait for the word, and report.

The other end of it is `benchmarks/bullmq/conversation.js` for Node and `Told` for Python.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.sides import RunInvalid
from tests.stack import ROOT

READY_SECONDS = 60.0
END_SECONDS = 20.0
SHOWN_OF_LOG = 2000  # characters


class Child:
    """One process, from its start to its end."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self._process = process
        self._log = log

    @classmethod
    async def start(cls, name: str, command: Sequence[str], work: Mapping[str, Any], folder: Path) -> "Child":
        """Start it and wait until it is ready. Raises RunInvalid."""
        log = folder / f"{name.replace(' ', '-')}.log"
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *command,
                json.dumps(work),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NODE_ENV": "production"},
                limit=2**26,  # a report names every message of a run
            )
        child = cls(name, process, log)
        try:
            await child.report(READY_SECONDS)
        except BaseException:
            await child.end()
            raise
        return child

    def begin(self) -> None:
        """Give the word."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")

    async def report(self, within_seconds: float) -> dict[str, Any]:
        """The next thing it says. Raises RunInvalid with the end of its log when it says nothing."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within_seconds):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise RunInvalid(f"{self.name} was not done within {within_seconds:g} s{self._last_words()}") from None
        if not line:
            raise RunInvalid(f"{self.name} ended{self._last_words()}")
        said: dict[str, Any] = json.loads(line)
        return said

    async def end(self) -> None:
        """Let it close what it holds; one that does not is killed."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _last_words(self) -> str:
        said = self._log.read_text(errors="replace")[-SHOWN_OF_LOG:].strip()
        return f":\n{said}" if said else ""


class Told:
    """A Python process's end of the talk."""

    def __init__(self) -> None:
        self.work: dict[str, Any] = json.loads(sys.argv[-1])

    async def ready(self) -> None:
        """Say so and wait for the word."""
        self.report({"ready": True})
        await self.word()

    async def word(self) -> None:
        """Wait for the next line, or for the end of stdin."""
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

    def report(self, document: Mapping[str, Any]) -> None:
        """Say something."""
        print(json.dumps(document), flush=True)


def cpu_seconds(process: psutil.Process) -> float:
    """Its own, without its children."""
    times = process.cpu_times()
    return float(times.user + times.system)
