"""The loads, each the same for either side."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

from benchmarks.sides import Person, Side

Check = Callable[[Person, str], None]
"""Raises RunInvalid for an answer that is not the expected one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one load of one round showed."""

    waits: tuple[float, ...]  # seconds, one per message
    elapsed: float  # seconds from the first question to the last answer
    cpu: dict[str, float]  # seconds of work by process

    @property
    def rate(self) -> float:
        """Messages per second."""
        return len(self.waits) / self.elapsed

    def cpu_per_message(self) -> float:
        """Seconds of work of all processes."""
        return sum(self.cpu.values()) / len(self.waits)


async def turn_about(
    side: Side,
    people: Sequence[Person],
    say: Callable[[Person], str],
    check: Check,
    each: int,
    *,
    at_once: bool,
) -> Sample:
    """Everybody at once, or one after the other; each sends the next message when the last one was answered."""

    async def chat(person: Person, messages: int) -> list[float]:
        waits = []
        for _ in range(messages):
            answered = await side.ask(person, say(person))
            check(person, answered.text)
            waits.append(answered.seconds)
        return waits

    await asyncio.gather(*(chat(person, 1) for person in people))  # connections and caches: untimed
    await side.confirm()
    before, began = _cpu(side), time.perf_counter()
    if at_once:
        waits = await asyncio.gather(*(chat(person, each) for person in people))
    else:
        waits = [await chat(person, each) for person in people]
    elapsed = time.perf_counter() - began
    await side.confirm()
    cpu = {name: used - before[name] for name, used in _cpu(side).items()}
    return Sample(waits=tuple(wait for own in waits for wait in own), elapsed=elapsed, cpu=cpu)


async def burst(side: Side, person: Person, text: str, check: Check, count: int) -> float:
    """Several messages of one person at the same moment; seconds until the last of them is answered."""
    answers = await asyncio.gather(*(side.ask(person, text) for _ in range(count)))
    for answered in answers:
        check(person, answered.text)
    await side.confirm()
    return max(each.answered_at for each in answers) - min(each.asked_at for each in answers)


async def session(side: Side, person: Person, text: str, check: Check, messages: int) -> list[float]:
    """What each message of a long session costs, one after the other."""
    waits = []
    for _ in range(messages):
        answered = await side.ask(person, text)
        check(person, answered.text)
        waits.append(answered.seconds)
    await side.confirm()
    return waits


def _cpu(side: Side) -> dict[str, float]:
    return {name: _with_children(process) for name, process in side.processes().items()}


def _with_children(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(times.user + times.system for times in (each.cpu_times() for each in family))
