"""One round: every load on ours, then on stock, with people nobody has talked to yet."""

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Better, Figures, p99
from benchmarks.sides import Person, Side
from benchmarks.texts import GREETING, Expected, tracking
from benchmarks.workloads import Check, Sample, burst, session, turn_about

SENDERS = 20
ONE_BY_ONE = 5
"""People of the loads with one sender: one after the other, so that no session is longer than with 20 senders."""

BURST = 4
BURSTS = 3
SESSION_MESSAGES = 90
SESSION_WINDOW = 5
"""One message is too noisy a sample: "message 1" is the median of the first five, "message 90" of the last."""
SESSIONS = 2

PEOPLE = 2 * (SENDERS + ONE_BY_ONE) + 2 + SESSIONS
"""People a round needs."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A kind of turn under load."""

    name: str
    say: Callable[[Person], str]
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Runs rounds and fills the figures."""

    ours: Side
    stock: Side
    expected: Expected
    figures: Figures
    each: int
    """Messages of each sender in a load."""

    async def run(self, strangers: Iterator[Person]) -> None:
        """One round. Raises RunInvalid."""
        people = list(itertools.islice(strangers, PEOPLE))
        assert len(people) == PEOPLE, "too few people were planted"
        _say("getting to know the people of this round")
        await self.ours.introduce(people)
        await self.ours.confirm()
        await self.stock.introduce(people)
        fresh = iter(people)
        action = Turn("action", tracking, self.expected.timeline)
        greeting = Turn("greeting", lambda _: GREETING, self.expected.greeting)
        for turn in (action, greeting):
            await self._load(turn, list(itertools.islice(fresh, ONE_BY_ONE)), at_once=False)
            await self._load(turn, list(itertools.islice(fresh, SENDERS)), at_once=True)
        for turn in (action, greeting):
            await self._bursts(turn, next(fresh))
        await self._sessions(list(fresh))

    async def _load(self, turn: Turn, people: list[Person], *, at_once: bool) -> None:
        ours, stock = [
            await turn_about(side, people, turn.say, turn.check, self.each, at_once=at_once)
            for side in (self.ours, self.stock)
        ]
        name = f"{turn.name}, {SENDERS if at_once else 1} sender{'s' if at_once else ''}"
        self._add(f"{name}: rate", "messages/s", "more", ours.rate, stock.rate)
        self._add(f"{name}: p50", "ms", "less", 1e3 * median(ours.waits), 1e3 * median(stock.waits))
        self._add(f"{name}: p99", "ms", "less", 1e3 * p99(ours.waits), 1e3 * p99(stock.waits))
        cpu = [1e3 * sample.cpu_per_message() for sample in (ours, stock)]
        self._add(f"{name}: CPU per message, all processes", "ms", "less", cpu[0], cpu[1])
        _say(f"    CPU ms per message: ours {_shares(ours)}; stock {_shares(stock)}")

    async def _bursts(self, turn: Turn, person: Person) -> None:
        ours, stock = [
            median([await burst(side, person, turn.say(person), turn.check, BURST) for _ in range(BURSTS)])
            for side in (self.ours, self.stock)
        ]
        name = f"{turn.name}, {BURST} of one sender at once: last answer"
        self._add(name, "ms", "less", 1e3 * ours, 1e3 * stock)

    async def _sessions(self, people: list[Person]) -> None:
        """What a message costs late in a session, as a multiple of what it costs early."""
        late, dearest = [], []
        for side in (self.ours, self.stock):
            waits = [await session(side, each, GREETING, self.expected.greeting, SESSION_MESSAGES) for each in people]
            windows = [
                median(wait for own in waits for wait in own[start : start + SESSION_WINDOW])
                for start in range(0, SESSION_MESSAGES, SESSION_WINDOW)
            ]
            late.append(windows[-1] / windows[0])
            dearest.append(max(windows) / windows[0])
        self._add(f"session: message {SESSION_MESSAGES} over message 1", "times", "less", late[0], late[1])
        self._add(f"session: dearest of {SESSION_MESSAGES} over message 1", "times", "less", dearest[0], dearest[1])

    def _add(self, name: str, unit: str, better: Better, ours: float, stock: float) -> None:
        self.figures.add(name, unit, better, ours=ours, peer=stock)
        _say(f"  {name}: ours {ours:.3g}, stock {stock:.3g} {unit}")


def _shares(sample: Sample) -> str:
    return ", ".join(f"{name} {1e3 * used / len(sample.waits):.1f}" for name, used in sample.cpu.items())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
